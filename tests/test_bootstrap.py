from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "bootstrap.py"


@pytest.fixture(scope="module")
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    for name in ("requirements/run.txt", "requirements/dev.txt", "pyproject.toml"):
        (tmp_path / name).write_text("one==1.0 --hash=sha256:00\n")
    major, minor = sys.version_info[:2]
    (tmp_path / ".venv" / "lib" / f"python{major}.{minor}" / "site-packages" / "pip").mkdir(parents=True)
    (tmp_path / ".venv" / "bin").mkdir()
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    return tmp_path


def finished(bootstrap: ModuleType, project: Path, kind: str) -> object:
    environment = bootstrap.Environment(project)
    environment.stamp(kind).write_text(environment.key())
    assert environment.is_ready(kind)
    return environment


def test_an_old_python_can_parse_the_script() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 7))


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13), (2, 7, 18)])
def test_an_old_python_is_told_in_one_line(bootstrap: ModuleType, version: tuple[int, int, int]) -> None:
    said = bootstrap.too_old(version)

    assert f"Python {'.'.join(map(str, version))} is too old" in said
    assert "\n" not in said


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 1), (4, 0, 0)])
def test_a_new_python_is_welcome(bootstrap: ModuleType, version: tuple[int, int, int]) -> None:
    assert bootstrap.too_old(version) == ""


def test_what_the_tests_need_also_serves_the_application_but_not_the_other_way(
    bootstrap: ModuleType, project: Path
) -> None:
    environment = bootstrap.Environment(project)
    environment.stamp("run").write_text(environment.key())
    assert environment.is_ready("run")
    assert not environment.is_ready("dev")
    environment.stamp("run").unlink()

    environment.stamp("dev").write_text(environment.key())

    assert environment.is_ready("run")
    assert environment.is_ready("dev")


@pytest.mark.parametrize("name", ["requirements/run.txt", "requirements/dev.txt", "pyproject.toml"])
def test_a_changed_lock_or_declaration_is_installed_anew(bootstrap: ModuleType, project: Path, name: str) -> None:
    finished(bootstrap, project, "dev")

    (project / name).write_text("two==2.0 --hash=sha256:00\n")

    assert not bootstrap.Environment(project).is_ready("dev")


@pytest.mark.parametrize("broken", ["python", "version", "interrupted"])
def test_a_broken_environment_is_not_taken_for_whole(bootstrap: ModuleType, project: Path, broken: str) -> None:
    environment = bootstrap.Environment(project)
    finished(bootstrap, project, "run")

    if broken == "python":
        environment.python.unlink()
        environment.python.symlink_to("/nonexistent/python")
    elif broken == "version":
        (project / ".venv" / "lib").rename(project / ".venv" / "lib-of-another")
    else:
        environment.begun.touch()

    assert not environment.is_whole()
    assert not environment.is_ready("run")


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        ("Failed to establish a new connection: [Errno 111]", "No network"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "not the one that the lock",
        ),
        ("something new", "The installation failed"),
    ],
)
def test_the_first_line_of_a_failure_says_what_is_wrong(bootstrap: ModuleType, output: str, said: str) -> None:
    told = bootstrap.reason_in(output).splitlines()

    assert said in told[0]
    assert ".data/bootstrap.log" in told[0]


def test_what_is_not_foreseen_is_shown(bootstrap: ModuleType) -> None:
    told = bootstrap.reason_in("first\nsomething new").splitlines()

    assert [line.strip() for line in told[1:]] == ["first", "something new"]


def test_a_full_disk_is_said_before_anything_is_made(
    bootstrap: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda path: bootstrap.shutil._ntuple_diskusage(9, 9, 0))

    with pytest.raises(bootstrap.Failed, match="disk is full"):
        bootstrap.prepare(bootstrap.Environment(project), "run")
    assert not (project / ".data").exists()


def test_a_python_without_venv_says_how_to_get_it(
    bootstrap: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "find_spec", lambda name: None)

    with pytest.raises(bootstrap.Failed, match="apt install python3-venv"):
        bootstrap.create(bootstrap.Environment(project))
