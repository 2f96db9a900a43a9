"""What a person wants, as messages that the app answers."""

from textual.message import Message


class OpenNode(Message):
    """Show one node."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class OpenPod(Message):
    """Show one pod."""

    def __init__(self, uid: str) -> None:
        super().__init__()
        self.uid = uid


class OpenComponent(Message):
    """Show one control-plane component, by its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
