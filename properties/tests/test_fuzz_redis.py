"""A corpus that two machines share: a server of Redis that the test starts and stops."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fsmn_properties.runs.fuzz.corpus import Corpus, CorpusError, Kept

redis = pytest.importorskip("redis", reason="needs the extra `redis`")
pytestmark = pytest.mark.skipif(
    shutil.which("redis-server") is None, reason="needs redis-server (Debian: redis-server)"
)

ROOT = Path(__file__).parents[2]
KERNEL = """
import numpy as np
import fsmn_vec
from fsmn_vec import *

def compact_vfsmn_memory_forward(hidden, filter, position, *, stride=1):
    return fsmn_vec.compact_vfsmn_memory_forward(hidden, np.asarray(filter)[::-1], position, stride=stride)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a server that keeps nothing on disk."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL)  # noqa: S603
    address = f"redis://127.0.0.1:{port}"
    client = redis.Redis.from_url(address)
    try:
        for _ in range(100):
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.1)
        yield address
    finally:
        client.close()
        process.terminate()
        process.wait(10)


def fuzz(folder: Path, *options: object) -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    (folder / "port.py").write_text(KERNEL, encoding="utf-8")
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    paths = [str(ROOT), str(ROOT / "properties"), os.environ.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    command = [sys.executable, "-m", "fsmn_properties", "fuzz", "port.py", "-n", "1", *map(str, options)]
    return subprocess.run(  # noqa: S603
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False
    )


def test_what_a_machine_finds_is_replayed_by_another_that_shares_its_corpus(server: str, tmp_path: Path) -> None:
    first = fuzz(tmp_path / "one", "--minutes", 3, "-x", "--corpus", server)
    assert first.returncode == 1, first.stderr
    second = fuzz(tmp_path / "two", "--minutes", 0, "--corpus", server)
    assert second.returncode == 1, second.stderr
    assert "replayed from the corpus: " in second.stdout
    assert f"corpus: {server}" in second.stdout


def test_a_server_that_goes_away_loses_nothing(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    corpus = Corpus(server, "port.py")
    kept = [Kept("uni_inputs_are_not_changed", "f", "memory", "wrong", {}, problem) for problem in ("one", "two")]
    corpus.save(kept[0])
    redis.Redis.from_url(server).shutdown(nosave=True)
    corpus.save(kept[1])
    with pytest.raises(CorpusError, match="corpus must be a server that answers"):
        Corpus(server, "port.py")
    assert Corpus(".fsmn-fuzz", "port.py").findings() == kept
