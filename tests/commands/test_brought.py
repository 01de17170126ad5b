"""A second look is at what is asked for then, or says that it is not."""

import os
from pathlib import Path

import numpy as np
import pytest

from netviz.commands.brought import bring, refuse_others
from netviz.commands.look import write_settings
from netviz.errors import EssayError
from netviz.essay.settings import read_settings


@pytest.fixture
def essay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings of a look at `net.npz` on the folder `data`, both beside the essay."""
    monkeypatch.chdir(tmp_path)
    np.savez("net.npz", weights_0=np.ones((81, 2)))
    for name in ("data", "others"):
        Path(name, "cat").mkdir(parents=True)
        Path(name, "cat", "1.png").write_text(name)
    write_settings(Path("net.npz"), "data", Path("look-net"), {})
    return Path("look-net")


def refusal(essay: Path, network: str, data: str) -> str:
    file = essay / "essay.toml"
    with pytest.raises(EssayError) as told:
        refuse_others(Path(network), data, read_settings(file), file)
    return str(told.value)


def test_the_same_network_and_data_are_taken_as_they_are(essay: Path) -> None:
    file = essay / "essay.toml"
    for network, data in (("net.npz", "data"), ("look-net/net.npz", "look-net/data")):
        refuse_others(Path(network), data, read_settings(file), file)
        bring(Path(network), data, essay)
    assert (essay / "data" / "cat" / "1.png").read_text() == "data"


def test_other_data_and_another_network_are_refused_at_their_line(essay: Path) -> None:
    told = refusal(essay, "net.npz", "others")
    assert told.startswith("look-net/essay.toml:9:1: this is a look at other data; expected others")
    assert "got data. Name another folder with --essay" in told
    assert "expected mnist; got data" in refusal(essay, "net.npz", "mnist")
    told = refusal(essay, "net.safetensors", "data")
    assert "look-net/essay.toml:10:1: this is a look at another network" in told


def test_settings_may_name_a_folder_within_the_data(essay: Path) -> None:
    file = essay / "essay.toml"
    file.write_text(file.read_text().replace('path = "data"', 'path = "data/cat"'))
    refuse_others(Path("net.npz"), "data", read_settings(file), file)
    file.write_text("")
    assert "these settings name no network" in refusal(essay, "net.npz", "data")


def test_a_network_written_again_is_copied_again(essay: Path) -> None:
    Path("net.npz").write_bytes(b"trained again")
    os.utime("net.npz", ns=(2 * 10**18, 2 * 10**18))
    bring(Path("net.npz"), "data", essay)
    assert (essay / "net.npz").read_bytes() == b"trained again"


def test_a_copy_that_was_changed_itself_is_neither_used_nor_lost(essay: Path) -> None:
    (essay / "net.npz").write_bytes(b"mended by hand")
    os.utime("net.npz", ns=(10**18, 10**18))
    with pytest.raises(EssayError, match=r"net\.npz: this copy differs from what it was copied"):
        bring(Path("net.npz"), "data", essay)
    assert (essay / "net.npz").read_bytes() == b"mended by hand"


@pytest.mark.parametrize("changed", ["data/dog.png", "look-net/data/dog.png", "data/cat/1.png"])
def test_a_folder_that_differs_from_its_copy_is_refused(essay: Path, changed: str) -> None:
    Path(changed).write_text("new")
    with pytest.raises(EssayError, match=r"expected what data is now\. Remove it, and data is"):
        bring(Path("net.npz"), "data", essay)


def test_a_copy_that_was_removed_is_made_again(essay: Path) -> None:
    (essay / "net.npz").unlink()
    bring(Path("net.npz"), "data", essay)
    assert (essay / "net.npz").read_bytes() == Path("net.npz").read_bytes()
