"""The embedded PostgreSQL starts for whoever comes, ends with the last one, and survives the death of anything."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from config import embedded_postgres, postgres_keeper
from config.embedded_postgres import EmbeddedPostgresError, ensure_database_url, has_keeper, join, leave

# A process that joins the server in the folder that it is given, and stays.
USER = """
import sys, time
from pathlib import Path
from config.embedded_postgres import join
print(join(Path(sys.argv[1]), durable=False), flush=True)
time.sleep(60)
"""
# A part of the site that takes its time when it is asked to end, and says its number when it is there.
PART = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(os.getpid(), flush=True)
time.sleep(20)
"""
# A process that starts the part, and leaves the server or is killed, whatever it is told.
STARTER = f"""
import os, sys
from pathlib import Path
from config.embedded_postgres import join, leave
from config.run import start_process
folder = Path(sys.argv[1])
join(folder, durable=False)
start_process([sys.executable, "-c", {PART!r}])
leave(folder) if input() == "leave" else os.kill(os.getpid(), 9)
"""


@pytest.fixture(scope="module")
def new_cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster as it is after its first start: to make one takes longer than most of what is asked of it."""
    folder = tmp_path_factory.mktemp("new") / "postgres"
    join(folder, durable=False)
    leave(folder)
    wait_until(lambda: processes_of(folder) == [])
    return folder / "cluster"


@pytest.fixture
def new_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for a server that is still to be made, which this process leaves at the end."""
    folder = tmp_path / "postgres"
    yield folder
    leave(folder)
    wait_until(lambda: processes_of(folder) == [])


@pytest.fixture
def folder(new_folder: Path, new_cluster: Path) -> Path:
    """A folder with a server that has been used before, which this process leaves at the end."""
    new_folder.mkdir(mode=0o700)
    copy = new_folder / "cluster"
    shutil.copytree(new_cluster, copy)
    owner = new_cluster.stat()
    for path in (copy, *copy.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)
    return new_folder


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a server that runs for all who only ask it something."""
    folder = tmp_path_factory.mktemp("shared") / "postgres"
    join(folder, durable=False)
    yield folder
    leave(folder)


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until the condition holds, and fail if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.05)


def processes_of(folder: Path) -> list[psutil.Process]:
    """Return the keepers and servers of the folder."""
    return [
        process
        for process in psutil.process_iter(["cmdline", "status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE
        and any(str(folder) in word for word in process.info["cmdline"] or [])
        and not {USER, STARTER} & set(process.info["cmdline"])
    ]


def keeper_of(folder: Path) -> psutil.Process:
    """Return the keeper of the folder's server."""
    [keeper] = [process for process in processes_of(folder) if postgres_keeper.__file__ in process.cmdline()]
    return keeper


def postmaster_of(folder: Path) -> psutil.Process:
    """Return the first process of the folder's server."""
    return psutil.Process(int((folder / "cluster" / "postmaster.pid").read_text().splitlines()[0]))


def start_user(folder: Path) -> subprocess.Popen[str]:
    """Start another process that uses the folder's server."""
    return subprocess.Popen([sys.executable, "-c", USER, str(folder)], stdout=subprocess.PIPE, text=True)


def end_user(user: subprocess.Popen[str]) -> None:
    """Kill the other process as nothing can be killed more surely."""
    user.kill()
    user.communicate()


def answer(url: str, query: str) -> object:
    """Return the only value that the query yields."""
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def test_embedded_postgres_knows_letters_beyond_ascii(server: Path) -> None:
    assert answer(embedded_postgres.url(server), "SELECT 'MÜLLER ÉCOLE ŻÓŁĆ' ILIKE '%müller école żółć%'") is True


def test_embedded_postgres_is_reached_through_its_socket_only(server: Path) -> None:
    assert answer(embedded_postgres.url(server), "SHOW listen_addresses") == ""
    assert (server / ".s.PGSQL.5432").stat().st_mode & 0o077 == 0
    assert server.stat().st_mode & 0o077 == 0


def test_embedded_postgres_takes_200_connections(server: Path) -> None:
    assert answer(embedded_postgres.url(server), "SHOW max_connections") == "200"


def test_embedded_postgres_is_durable_unless_told_otherwise(folder: Path, server: Path) -> None:
    assert answer(join(folder, durable=True), "SHOW fsync") == "on"
    assert answer(embedded_postgres.url(server), "SHOW fsync") == "off"


def test_embedded_postgres_logs_no_statement(server: Path) -> None:
    url = embedded_postgres.url(server)

    with psycopg.connect(url) as connection, pytest.raises(psycopg.DataError):
        connection.execute("SELECT 'secret'::int")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE one (hash text PRIMARY KEY)")
        connection.execute("INSERT INTO one VALUES ('secret')")
        with pytest.raises(psycopg.IntegrityError):
            connection.execute("INSERT INTO one VALUES ('secret')")

    assert "secret" not in (server / "log").read_text()


def test_embedded_postgres_leaves_nothing_behind(new_folder: Path) -> None:
    join(new_folder, durable=False)
    leave(new_folder)

    assert processes_of(new_folder) == []
    assert sorted(path.name for path in new_folder.iterdir()) == ["cluster", "log"]
    assert not (new_folder / "cluster" / "postmaster.pid").exists()


def test_embedded_postgres_keeps_its_data(folder: Path) -> None:
    with psycopg.connect(join(folder, durable=False)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    leave(folder)

    assert answer(join(folder, durable=False), "SELECT number FROM kept") == 42


def test_embedded_postgres_is_shared_by_all_who_come_at_once(new_folder: Path) -> None:
    users = [start_user(new_folder) for _ in range(4)]
    urls = {user.stdout.readline().strip() for user in users if user.stdout}
    servers = processes_of(new_folder)
    for user in users:
        end_user(user)

    assert urls == {embedded_postgres.url(new_folder)}
    assert len([process for process in servers if postgres_keeper.__file__ in process.cmdline()]) == 1


def test_embedded_postgres_stays_until_the_last_one_leaves(folder: Path) -> None:
    url = join(folder, durable=False)
    user = start_user(folder)
    assert user.stdout is not None
    user.stdout.readline()

    leave(folder)
    answer_for_the_one_who_stays = answer(url, "SELECT 1")
    end_user(user)

    assert answer_for_the_one_who_stays == 1
    wait_until(lambda: processes_of(folder) == [])


@pytest.mark.parametrize("end", ["be killed", "leave"])
def test_embedded_postgres_stays_until_the_parts_of_a_site_have_ended(folder: Path, end: str) -> None:
    command = [sys.executable, "-c", STARTER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdin is not None
        assert starter.stdout is not None
        part = psutil.Process(int(starter.stdout.readline()))
        try:
            starter.stdin.write(f"{end}\n")
            starter.stdin.flush()
            # The keeper looks five times a second whether somebody is there.
            time.sleep(1)
            server = postmaster_of(folder)
            answer_for_another = answer(join(folder, durable=False), "SELECT 1")
            has_waited = not part.is_running() or part.status() == psutil.STATUS_ZOMBIE
            servers = {server, postmaster_of(folder)}
            leave(folder)
        finally:
            part.kill()

    assert (answer_for_another, has_waited) == (1, False)
    assert servers == {server}
    wait_until(lambda: processes_of(folder) == [])


def test_embedded_postgres_is_restarted_when_its_server_is_killed(folder: Path) -> None:
    url = join(folder, durable=False)
    server = postmaster_of(folder)

    server.kill()
    wait_until(lambda: not server.is_running())
    wait_until(lambda: embedded_postgres.is_answering(folder))

    assert answer(url, "SELECT 1") == 1
    assert postmaster_of(folder) != server


def test_embedded_postgres_ends_with_its_keeper_and_is_started_again(folder: Path) -> None:
    url = join(folder, durable=False)
    keeper = keeper_of(folder)

    keeper.kill()
    wait_until(lambda: not has_keeper(folder))
    embedded_postgres.keep_running()

    assert answer(url, "SELECT 1") == 1
    assert keeper_of(folder) != keeper


def test_embedded_postgres_starts_after_everything_was_killed(folder: Path) -> None:
    join(folder, durable=False)
    for process in [keeper_of(folder), postmaster_of(folder)]:
        process.suspend()
    for process in [keeper_of(folder), postmaster_of(folder)]:
        process.kill()
    leave(folder)

    assert answer(join(folder, durable=False), "SELECT 1") == 1


def test_embedded_postgres_starts_where_a_lock_file_names_another_process(folder: Path) -> None:
    join(folder, durable=False)
    lock_file = folder / "cluster" / "postmaster.pid"
    lines = lock_file.read_text().splitlines()
    leave(folder)
    lock_file.write_text("\n".join([str(os.getppid()), *lines[1:], ""]))

    assert answer(join(folder, durable=False), "SELECT 1") == 1


def test_embedded_postgres_starts_where_its_making_was_interrupted(new_folder: Path) -> None:
    half_made = new_folder / "cluster.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")

    assert answer(join(new_folder, durable=False), "SELECT 1") == 1


@pytest.mark.parametrize("name", ["a" * 120, "a, b 'c' \"d\" %20 Ünï"])
def test_embedded_postgres_runs_in_any_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "postgres"
    sockets = postgres_keeper.socket_folder(folder)

    number = answer(join(folder, durable=False), "SELECT 1")
    leave(folder)

    assert number == 1
    assert sockets != folder
    assert not sockets.exists()


def test_embedded_postgres_runs_where_only_the_owner_may_go(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)

    number = answer(join(tmp_path / "postgres", durable=False), "SELECT 1")
    leave(tmp_path / "postgres")

    assert number == 1
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_embedded_postgres_refuses_a_socket_folder_that_others_may_open(tmp_path: Path) -> None:
    folder = tmp_path / ("a" * 120) / "postgres"
    sockets = postgres_keeper.socket_folder(folder)
    sockets.mkdir()
    sockets.chmod(0o777)

    with pytest.raises(EmbeddedPostgresError, match="must be a folder that only its owner"):
        join(folder, durable=False)

    leave(folder)
    sockets.rmdir()


def test_embedded_postgres_says_why_it_does_not_start(folder: Path) -> None:
    join(folder, durable=False)
    leave(folder)
    (folder / "cluster" / "PG_VERSION").write_text("9\n")

    with pytest.raises(EmbeddedPostgresError, match=r"initialized by PostgreSQL version 9|incompatible"):
        join(folder, durable=False)


def test_keeper_that_is_asked_to_end_stops_its_server(folder: Path) -> None:
    join(folder, durable=False)
    server = postmaster_of(folder)

    keeper_of(folder).send_signal(signal.SIGTERM)

    wait_until(lambda: not server.is_running())


def test_database_url_that_is_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/sidedoor")

    ensure_database_url()

    assert os.environ["DATABASE_URL"] == "postgresql://db.example/sidedoor"
