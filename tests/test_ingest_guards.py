"""What a confined process cannot do, tried by one."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux keeps these guards")

TRIES = """
import json, os, socket, sys
from pathlib import Path
from geo.ingest import guards
work, secret, port = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
stands = guards.confine([Path(sys.prefix), Path(sys.base_prefix)], [work], forks=False)

def tried(what):
    try:
        what()
    except OSError:
        return "refused"
    return "done"

print(json.dumps({
    "stands": stands,
    "own": tried(lambda: (work / "mine").write_text("x")),
    "other": tried(lambda: open(secret).read()),
    "list": tried(lambda: os.listdir("/etc")),
    "write": tried(lambda: open(secret + ".new", "w")),
    "network": tried(lambda: socket.create_connection(("127.0.0.1", port), 1)),
    "datagram": tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)),
    "local": tried(lambda: socket.socket(socket.AF_UNIX)),
    "fork": tried(os.fork),
    "program": tried(lambda: os.execv("/bin/true", ["true"])),
    "kill": tried(lambda: os.kill(os.getppid(), 0)),
}))
"""


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guards")
    (folder / "work").mkdir()
    secret = folder / "secret"
    secret.write_text("s")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        command = [sys.executable, "-c", TRIES, str(folder / "work"), str(secret), port]
        root = Path(__file__).parents[1]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    return json.loads(done.stdout)


def test_it_may_work_in_its_own_folder(tried):
    assert tried["own"] == "done"


@pytest.mark.parametrize("what", ["other", "list", "write"])
def test_it_may_open_no_other_file(tried, what):
    if "files" not in tried["stands"]:
        pytest.skip("This kernel has no Landlock")
    assert tried[what] == "refused"


@pytest.mark.parametrize("what", ["network", "datagram", "local", "fork", "program", "kill"])
def test_it_may_call_nobody_and_start_nothing(tried, what):
    if "calls" not in tried["stands"]:
        pytest.skip("This kernel has no filter of system calls")
    assert tried[what] == "refused"
