"""A program named kubectl that listens as `kubectl port-forward` does, and writes its lines.

It fails a connection that sends anything, and ends after one that sends `lost`.
"""

import os
import sys
from pathlib import Path

PROGRAM = f"""#!{sys.executable}
import os, socket, sys
local, remote = sys.argv[-1].split(":")
with open(os.environ["STUB"] + ".new", "w") as file:
    file.write(" ".join((str(os.getpid()), *sys.argv[1:])))
os.rename(os.environ["STUB"] + ".new", os.environ["STUB"])
server = socket.create_server(("127.0.0.1", int(local)))
print(f"Forwarding from 127.0.0.1:{{local}} -> {{remote}}", flush=True)
while True:
    client, _ = server.accept()
    print(f"Handling connection for {{local}}", flush=True)
    sent = client.recv(9)
    if sent:
        print('E1127 19:00:00.000000 12345 portforward.go:424] "Unhandled Error" err="an error '
              f'occurred forwarding {{local}} -> {{remote}}: connect: connection refused"',
              file=sys.stderr, flush=True)
    if sent == b"lost":
        sys.exit("error: lost connection to pod")
    client.close()
"""


class KubectlStub:
    """The program in a folder of its own, and how it was called."""

    def __init__(self, folder: Path) -> None:
        program = folder / "kubectl"
        program.write_text(PROGRAM)
        program.chmod(0o700)
        self._called = folder / "called"
        path = f"{folder}{os.pathsep}{os.environ['PATH']}"
        self.environ = os.environ | {"PATH": path, "STUB": str(self._called)}

    @property
    def words(self) -> list[str]:
        """Its process and its arguments; none until it runs."""
        return self._called.read_text().split() if self._called.exists() else []
