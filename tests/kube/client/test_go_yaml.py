"""How a document is read, beside what it means."""

import gc

import pytest
import yaml

from eksview.kube.client.kubeconfig import go_yaml
from eksview.kube.client.kubeconfig.go_yaml import first_document


@pytest.mark.parametrize("text", [b"a: [1, 2]", b"a: ["])
@pytest.mark.parametrize("before", [True, False])
def test_no_garbage_is_collected_while_it_is_read(
    text: bytes, before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []

    class Loader(go_yaml.GoLoader):
        def check_data(self) -> bool:
            seen.append(gc.isenabled())
            return bool(super().check_data())

    monkeypatch.setattr(go_yaml, "GoLoader", Loader)
    if not before:
        gc.disable()
    try:
        first_document(text)
    except yaml.YAMLError:
        assert text.endswith(b"[")
    finally:
        after = gc.isenabled()
        gc.enable()
    assert (seen, after) == ([False], before)
