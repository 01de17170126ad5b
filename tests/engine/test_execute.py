"""Running steps: what is reused, what is made again and why, and how runs end."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from netviz.engine.cache import STAGING, Cache
from netviz.engine.execute import Event, run
from netviz.engine.graph import Artifact, Step
from netviz.engine.local import local_executor
from netviz.errors import EssayError, SiteError
from tests.engine.workshop import Workshop, text_of


def test_steps_see_their_inputs_by_name_and_a_second_run_makes_nothing(workshop: Workshop) -> None:
    one = workshop.step("write", "one", text="a")
    both = workshop.step("write", "both", {"x": one, "y": one}, text="b")
    made = workshop.run(both)
    assert text_of(made["both"]) == "b a a"
    assert workshop.names("planned") == workshop.names("made") == ["both", "one"]
    again = workshop.run(both)
    assert again == made
    assert workshop.names("reused") == ["both", "one"]
    assert workshop.names("made") == []


def test_a_changed_parameter_makes_that_step_and_what_reads_it(workshop: Workshop) -> None:
    def graph(text: str) -> Step:
        left = workshop.step("write", "left", text=text)
        right = workshop.step("write", "right", text="r")
        return workshop.step("write", "join", {"l": left, "r": right})

    workshop.run(graph("a"))
    made = workshop.run(graph("b"))
    assert text_of(made["join"]) == "b r"
    assert workshop.names("made") == ["join", "left"]
    assert workshop.why("left") == "text: a → b"
    assert workshop.why("join") == "input l"


def test_changed_content_of_an_artifact_from_outside_makes_its_readers(
    workshop: Workshop, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "text").write_text("one")

    def step(digest: str) -> Step:
        return workshop.step("write", "read", {"data": Artifact(tmp_path / "data", digest)})

    workshop.run(step("1"))
    (tmp_path / "data" / "text").write_text("two")
    assert text_of(workshop.run(step("2"))["read"]) == "two"
    workshop.run(step("2"))
    assert workshop.names("reused") == ["read"]


def test_a_step_gets_its_inputs_in_the_shape_of_their_tree(workshop: Workshop) -> None:
    parts = [workshop.step("write", name, text=name) for name in ("b", "a")]
    gathered = workshop.step("gathered", inputs={"all": {"of": parts}})
    assert text_of(workshop.run(gathered)["gathered"]) == "b a"
    turned = workshop.step("gathered", inputs={"all": {"of": parts[::-1]}})
    assert text_of(workshop.run(turned)["gathered"]) == "a b"
    assert workshop.why("gathered") == "input all.of.0; input all.of.1"


def test_equal_content_stops_the_work_early(workshop: Workshop) -> None:
    def graph(value: str) -> Step:
        number = workshop.step("write", "number", text=value)
        sign = workshop.step("sign", "sign", {"from": number})
        return workshop.step("write", "report", {"sign": sign}, text="is")

    workshop.run(graph("5"))
    workshop.run(graph("7"))
    assert workshop.names("made") == ["number", "sign"]
    assert workshop.names("reused") == ["report"]


def test_an_edit_of_code_makes_only_the_steps_that_reach_it(workshop: Workshop) -> None:
    number = workshop.step("write", "number", text="5")
    shifted = workshop.step("shifted", "shifted", {"from": number})
    sign = workshop.step("sign", "sign", {"from": number})
    workshop.run(shifted, sign)
    workshop.executor.stop()  # a new build has new workers
    workshop.helper_file.write_text("OFFSET = 20  # of another size\n")
    assert text_of(workshop.run(shifted, sign)["shifted"]) == "25"
    assert workshop.names("made") == ["shifted"]
    assert workshop.why("shifted") == f"code of {workshop.folder.name}.helper"


def test_steps_with_one_key_are_made_once(workshop: Workshop) -> None:
    made = workshop.run(
        workshop.step("write", "one", text="a"), workshop.step("write", "two", text="a")
    )
    assert made["one"] == made["two"]
    assert len(workshop.names("made")) == len(workshop.names("reused")) == 1


def test_two_different_steps_of_one_name_are_a_bug(workshop: Workshop) -> None:
    with pytest.raises(ValueError, match="two different steps are called 'one'"):
        workshop.run(
            workshop.step("write", "one", text="a"), workshop.step("write", "one", text="b")
        )


def test_the_longest_chain_of_work_goes_first(workshop: Workshop) -> None:
    light = Step("a light one", f"{workshop.module}:write", {"text": "l"}, weight=2)
    first = Step("first", f"{workshop.module}:write", {"text": "f"}, weight=1)
    heavy = Step("heavy", f"{workshop.module}:write", {"text": "h"}, {"in": first}, weight=5)
    with local_executor(1) as single:
        run([light, heavy], cache=workshop.cache, executor=single, on_event=workshop.events.append)
    assert [e.step for e in workshop.events if e.kind == "started"] == [
        "first",
        "heavy",
        "a light one",
    ]


def test_any_number_of_jobs_gives_the_same_bytes(workshop: Workshop, tmp_path: Path) -> None:
    steps = [workshop.step("sums", f"sums {seed}", seed=seed) for seed in range(3)]
    with local_executor(1) as single:
        alone = run(steps, cache=Cache(tmp_path / "alone"), executor=single)
    together = workshop.run(*steps)
    assert {name: made.digest for name, made in alone.items()} == {
        name: made.digest for name, made in together.items()
    }
    assert (alone["sums 0"].folder / "threads").read_text() == "1"


def test_the_threads_of_this_process_are_left_as_they_were(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    workshop.run(workshop.step("write", text="a"))
    assert os.environ["OPENBLAS_NUM_THREADS"] == "7"
    assert "OMP_NUM_THREADS" not in os.environ


def test_a_fault_of_the_essay_passes_through_whole(workshop: Workshop) -> None:
    with pytest.raises(EssayError, match=r"index\.md:3: it is wrong\. Mend it\."):
        workshop.run(workshop.step("fault"))
    assert list((workshop.cache.folder / STAGING).iterdir()) == []


def test_a_bug_in_a_step_is_not_hidden(workshop: Workshop) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        workshop.run(workshop.step("bug"))
    assert "in the step bug" in caught.value.__notes__


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "how", "said"),
    [
        ("read_long", "sleep", "net.npz: this takes too long to read; expected at most"),
        ("read_long", "work", "net.npz: this takes too long to read; expected at most"),
        ("read_and_die", "", "net.npz: reading this ended the process"),
        ("read_large", "", "net.npz: this takes too much memory to read; expected at most 200 MB"),
    ],
)
def test_a_file_that_a_worker_cannot_read_is_named(
    step: str, how: str, said: str, workshop: Workshop
) -> None:
    with pytest.raises(EssayError, match=said):
        workshop.run(workshop.step(step, how=how))
    workshop.run(workshop.step("write", text="a"))
    assert workshop.names("made") == ["write"]


def test_a_killed_worker_is_told_and_the_next_run_has_new_ones(workshop: Workshop) -> None:
    with pytest.raises(SiteError, match=r"killed during: die\. .*memory.*--jobs"):
        workshop.run(workshop.step("die"))
    assert text_of(workshop.run(workshop.step("write", text="a"))["write"]) == "a"


def test_what_was_finished_before_a_fault_is_kept(workshop: Workshop) -> None:
    one = workshop.step("write", "one", text="a")
    with pytest.raises(EssayError):
        workshop.run(workshop.step("fault", inputs={"one": one}))
    workshop.run(one)
    assert workshop.names("reused") == ["one"]


def test_ctrl_c_ends_the_workers_and_leaves_no_traces(workshop: Workshop, tmp_path: Path) -> None:
    sign = tmp_path / "started"

    def interrupt() -> None:
        while not sign.exists() or not sign.read_text():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        workshop.run(workshop.step("slow", sign=str(sign)), workshop.step("write", text="a"))
    thread.join()
    assert time.monotonic() - started < 10
    with pytest.raises(ProcessLookupError):
        os.kill(int(sign.read_text()), 0)
    assert list((workshop.cache.folder / STAGING).iterdir()) == []


def test_ctrl_c_on_a_terminal_is_left_to_the_build(workshop: Workshop) -> None:
    """It reaches the workers too; one that heard it would end with a traceback of its own."""
    assert text_of(workshop.run(workshop.step("interrupted"))["interrupted"]) == "unmoved"


def test_the_one_who_listens_can_end_a_run(workshop: Workshop, tmp_path: Path) -> None:
    class EndError(Exception):
        pass

    def listen(event: Event) -> None:
        if event.kind == "tick" and (tmp_path / "started").exists():
            raise EndError

    with pytest.raises(EndError):
        run(
            [workshop.step("slow", sign=str(tmp_path / "started"))],
            cache=workshop.cache,
            executor=workshop.executor,
            on_event=listen,
        )


def test_a_file_that_grows_too_large_is_told_with_its_place(workshop: Workshop) -> None:
    with pytest.raises(SiteError, match="grew beyond what this machine allows") as caught:
        workshop.run(workshop.step("too_much", limit=50_000))
    assert caught.value.place is not None
    assert caught.value.remedy is not None


def test_without_an_executor_one_worker_is_used(workshop: Workshop) -> None:
    made = run([workshop.step("write", text="a")], cache=workshop.cache)
    assert text_of(made["write"]) == "a"
