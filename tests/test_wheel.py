"""The wheel alone inspects pictures: installed with its image libraries, without Django, a database or a settings file."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from fondaco.images.tests import pictures

ROOT = Path(__file__).parent.parent
UV = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")

PROGRAM = textwrap.dedent("""
    import json, sys
    from fondaco.images import Profile, Report, inspect, load_profile
    data = open(sys.argv[1], "rb").read()
    report = inspect(data, "listing-main", name="mug.jpg")
    assert isinstance(report, Report) and isinstance(load_profile("etsy"), Profile)
    server = [name for name in ("django", "psycopg", "onnxruntime", "daft") if name in sys.modules]
    print(json.dumps({**report.as_dict(), "server": server}))
""")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a new environment in which nothing but the built wheel was asked for."""
    if UV is None:
        pytest.skip("uv is not here")
    folder = tmp_path_factory.mktemp("wheel")
    for command in (
        [UV, "build", "--wheel", "-q", "-o", str(folder), str(ROOT)],
        [UV, "venv", "-q", "--python", sys.executable, str(folder / "env")],
    ):
        subprocess.run(command, check=True, capture_output=True, timeout=200)
    (wheel,) = folder.glob("*.whl")
    install = [UV, "pip", "install", "-q", "--python", str(folder / "env" / "bin" / "python"), str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=250)
    return folder / "env" / "bin"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_wheel_inspects_without_the_web_part(installed: Path, tmp_path: Path) -> None:
    picture = tmp_path / "mug.jpg"
    picture.write_bytes(pictures.jpeg(pictures.product(ground=(200, 200, 200), fill=0.6)))
    listed = subprocess.run(
        [str(UV), "pip", "list", "--format", "json", "--python", str(installed / "python")],
        check=True,
        capture_output=True,
    ).stdout
    names = {each["name"].lower() for each in json.loads(listed)}
    assert {"fondaco", "simplejpeg", "pyvips", "numpy"} <= names
    assert not {"django", "psycopg", "onnxruntime", "daft", "ray"} & names

    run = {"check": True, "capture_output": True, "cwd": tmp_path, "timeout": 60}
    told = json.loads(subprocess.run([installed / "python", "-I", "-c", PROGRAM, picture], **run).stdout)  # type: ignore[call-overload]
    assert told.pop("server") == []
    assert told["verdict"] == "rejected"
    assert {"background_not_white", "product_too_small"} <= {f["code"] for f in told["findings"]}

    line = subprocess.run([installed / "fondaco", "inspect", picture, "--json"], **run).stdout  # type: ignore[call-overload]
    assert json.loads(line)["findings"] == told["findings"]
