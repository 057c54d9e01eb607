"""bpdocs on its own: the wheel in a fresh environment, the pre-commit hook, the GitHub action, and what the core imports."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from filelock import FileLock

ROOT = Path(__file__).resolve().parent.parent
NEEDED = ("numpy", "sympy", "mpmath", "PyYAML", "pip")  # mpmath is SymPy's own; pip is lent too, as making one takes longest
GOOD = "# 층\n\n$$\ny = w x\n$$\n\n$$\n\\frac{\\partial y}{\\partial w} = x\n$$\n"
WRONG = GOOD.replace("= x\n", "= -x\n")


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel of this source, made once for all workers; what it needs is lent by the running one."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    folder = shared / "installed"
    with FileLock(shared / "installed.lock"):
        if not (folder / "done").exists():
            wheels = folder / "wheels"
            run([sys.executable, "-m", "pip", "wheel", "--no-index", "--no-build-isolation", "--no-deps", "-q", "-w", str(wheels), str(ROOT)])
            run([sys.executable, "-m", "venv", "--without-pip", str(folder / "env")])
            lent = folder / "lent"
            lent.mkdir()
            for name in NEEDED:
                distribution = metadata.distribution(name)
                for top in {file.parts[0] for file in distribution.files or () if file.parts[0] not in ("..", "__pycache__")}:
                    (lent / top).symlink_to(Path(str(distribution.locate_file(top))).resolve())
            (packages,) = (folder / "env").glob("lib/python*/site-packages")
            (packages / "lent.pth").write_text(f"{lent}\n")
            (wheel,) = wheels.glob("*.whl")
            run([str(folder / "env/bin/python"), "-m", "pip", "install", "--no-index", "--no-deps", "-q", str(wheel)])
            (folder / "done").touch()
    return folder


def run(command: list[str], cwd: Path | None = None, env: dict[str, str] | None = None, text: str | None = None, code: int = 0) -> str:
    """What a command prints; it must end with the code."""
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}
    done = subprocess.run(command, cwd=cwd, env={**clean, **(env or {})}, input=text, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == code, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def bpdocs(environment: Path, *arguments: str, cwd: Path, text: str | None = None, code: int = 0) -> str:
    return run([str(environment / "env/bin/bpdocs"), *arguments], cwd=cwd, text=text, code=code)


class TestWheel:
    def test_it_is_the_installed_one_and_knows_its_version(self, environment: Path, tmp_path: Path) -> None:
        version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
        assert bpdocs(environment, "--version", cwd=tmp_path) == f"bpdocs {version}\n"
        where = run([str(environment / "env/bin/python"), "-c", "import bpdocs; print(bpdocs.__file__)"], cwd=tmp_path)
        assert Path(where.strip()).is_relative_to(environment / "env")

    def test_check(self, environment: Path, tmp_path: Path) -> None:
        (tmp_path / "notes.md").write_text(GOOD, encoding="utf-8")
        assert bpdocs(environment, "check", "notes.md", cwd=tmp_path) == "1 claim on 1 page, 1 agree, no problems\n".replace("1 agree", proved(environment, tmp_path))
        (tmp_path / "notes.md").write_text(WRONG, encoding="utf-8")
        assert "notes.md:8:33: disagree" in bpdocs(environment, "check", "notes.md", cwd=tmp_path, code=1)
        bpdocs(environment, "check", "lost.md", cwd=tmp_path, code=2)

    def test_mutate_explain_and_parse(self, environment: Path, tmp_path: Path) -> None:
        (tmp_path / "notes.md").write_text(GOOD, encoding="utf-8")
        data = json.loads(bpdocs(environment, "mutate", "--json", "notes.md", cwd=tmp_path))
        assert data["mutants"] > 0
        assert data["killed"] + data["equivalent"] == data["mutants"]
        assert "total derivative by w" in bpdocs(environment, "explain", "notes.md:8", cwd=tmp_path)
        assert bpdocs(environment, "parse", "-", cwd=tmp_path, text=GOOD) == "2 of 2 displays read whole (100.0 %)\n"

    def test_the_function_of_the_package(self, environment: Path, tmp_path: Path) -> None:
        code = "from bpdocs import check_page; import sys; assert check_page(sys.stdin.read(), 'notes.md').ok"
        run([str(environment / "env/bin/python"), "-c", code], cwd=tmp_path, text=GOOD)


def proved(environment: Path, folder: Path) -> str:
    """What the summary says of the one claim, which depends on whether it is proved too."""
    (relation,) = [one for one in json.loads(bpdocs(environment, "check", "--json", "notes.md", cwd=folder))["relations"] if one["kind"] == "claim"]
    return "1 agree (1 proved)" if relation["proved"] else "1 agree"


class TestHook:
    HOOK = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))[0]

    def test_it_is_a_hook_for_pages(self) -> None:
        assert (self.HOOK["id"], self.HOOK["language"], self.HOOK["types_or"]) == ("bpdocs-check", "python", ["markdown", "jupyter"])

    @pytest.mark.parametrize(("text", "code"), [(GOOD, 0), (WRONG, 1), ("# prose\n", 0)])
    def test_its_entry_runs_on_what_has_changed(self, environment: Path, tmp_path: Path, text: str, code: int) -> None:
        (tmp_path / "notes.md").write_text(text, encoding="utf-8")
        program, *arguments = shlex.split(self.HOOK["entry"])
        assert program == "bpdocs"
        bpdocs(environment, *arguments, "notes.md", cwd=tmp_path, code=code)


class TestAction:
    ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

    def steps(self, environment: Path, folder: Path, code: int = 0, **inputs: str) -> str:
        """What the last step prints; the steps run as GitHub runs them, in an environment in which bpdocs is not installed before."""
        fresh = folder / "env"
        run([sys.executable, "-m", "venv", "--without-pip", str(fresh)])
        (packages,) = fresh.glob("lib/python*/site-packages")
        (packages / "lent.pth").write_text(f"{environment / 'lent'}\n")
        (wheel,) = (environment / "wheels").glob("*.whl")
        given = {f"inputs.{name}": str(value["default"]) for name, value in self.ACTION["inputs"].items()}
        given |= {f"inputs.{name}": value for name, value in inputs.items()} | {"github.action_path": str(wheel)}
        output = ""
        for place, step in enumerate(self.ACTION["runs"]["steps"]):
            assert set(step) == {"name", "shell", "env", "run"}
            values = {name: re.sub(r"\$\{\{ ([\w.]+) \}\}", lambda found: given[found[1]], value) for name, value in step["env"].items()}
            values |= {"PATH": f"{fresh / 'bin'}:{os.environ['PATH']}", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheel.parent)}
            last = place == len(self.ACTION["runs"]["steps"]) - 1
            output = run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], cwd=folder, env=values, code=code if last else 0)
        return output

    def test_every_input_is_described_and_used(self) -> None:
        used = set(re.findall(r"inputs\.(\w+)", (ROOT / "action.yml").read_text(encoding="utf-8")))
        assert used == set(self.ACTION["inputs"]) == {"paths", "baseline", "version"}
        assert all(value["description"] for value in self.ACTION["inputs"].values())

    def test_a_right_and_a_wrong_page(self, environment: Path, tmp_path: Path) -> None:
        (tmp_path / "my notes").mkdir()
        (tmp_path / "my notes" / "a.md").write_text(GOOD, encoding="utf-8")
        (tmp_path / "b.md").write_text(WRONG, encoding="utf-8")
        assert "1 claim on 1 page" in self.steps(environment, tmp_path, paths="my notes\n")
        out = self.steps(environment, tmp_path, code=1, paths="my notes\nb.md\n")
        assert "::error file=b.md,line=8,col=33" in out

    def test_a_version_and_a_baseline(self, environment: Path, tmp_path: Path) -> None:
        (tmp_path / "a.md").write_text(GOOD + "\n$$\ny = \\frac{q\n$$\n", encoding="utf-8")
        (tmp_path / "base.json").write_text(json.dumps([{"path": "a.md", "latex": "y = \\frac{q"}]))
        version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
        assert "in the baseline" in self.steps(environment, tmp_path, version=version, baseline="base.json")


FACES = ("site", "book", "figures", "nn")
OWN = {"bpdocs", "numpy", "sympy", "yaml"}


def imported(path: Path) -> set[str]:
    """The packages that a module imports, inside functions too; what is for types only counts as well."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            found.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "import_module" and isinstance(node.args[0], ast.Constant):
            found.add(str(node.args[0].value).split(".")[0])
    return found


def test_the_core_imports_nothing_but_its_three_dependencies() -> None:
    package = ROOT / "bpdocs"
    core = [path for path in package.rglob("*.py") if path.relative_to(package).parts[0] not in (*FACES, "pytest_plugin.py", "chromium.py")]
    assert len(core) > 40
    foreign = {str(path.relative_to(ROOT)): sorted(imported(path) - OWN - sys.stdlib_module_names) for path in core}
    assert {path: names for path, names in foreign.items() if names} == {}


def test_the_core_does_not_import_the_faces_on_top_of_it() -> None:
    package = ROOT / "bpdocs"
    for path in package.rglob("*.py"):
        if path.relative_to(package).parts[0] not in FACES:
            assert not re.search(rf"(?:from|import) bpdocs\.(?:{'|'.join(FACES)})\b", path.read_text(encoding="utf-8")), path
