"""Tasks reach a worker through the broker that BROKER_URL names: files by default, or RabbitMQ."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from smartsolar import celery_app
from tests.platform.tasks import leave_trace

pytestmark = pytest.mark.broker

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds; a busy machine takes long to start a worker


@contextmanager
def worker(queue: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process as the Procfile starts it, without beat, on a queue of its own."""
    command = [sys.executable, "-m", "celery", "-A", "smartsolar", "--quiet", "worker"]
    command += ["-P", "threads", "-c", "1", "-Q", queue, "--include", "tests.platform.tasks"]
    command += ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "smartsolar.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        process.terminate()
        if process.stdout and not process.stdout.closed:
            # Shown beside a failure.
            print(process.communicate(timeout=PATIENCE)[0].decode())


@pytest.fixture
def queue() -> Iterator[str]:
    name = f"tests-{uuid.uuid4().hex}"
    yield name
    with celery_app.connection_for_write() as connection:
        connection.default_channel.queue_delete(name)
        if settings.CELERY_BROKER_URL.startswith("amqp"):
            connection.default_channel.exchange_delete(name)


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def pending(queue: str) -> list[str]:
    """Names of what the file broker holds of `queue`, waiting or being worked on."""
    folder = settings.DATA_DIR / "broker"
    return [path.name for path in folder.glob(f"*/*.{queue}.msg")]


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def test_a_task_is_executed_by_a_worker_process(queue: str, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    with worker(queue):
        leave_trace.apply_async([str(trace)], queue=queue)
        assert eventually(lambda: lines(trace) == ["begun", "done"])


def test_a_task_sent_before_any_worker_runs_waits_for_one(queue: str, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    leave_trace.apply_async([str(trace)], queue=queue)
    assert lines(trace) == []
    with worker(queue):
        assert eventually(lambda: lines(trace) == ["begun", "done"])


def test_a_worker_asked_to_end_finishes_its_task_and_says_no_more(
    queue: str, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    with worker(queue) as process:
        leave_trace.apply_async([str(trace), 1.0], queue=queue)
        assert eventually(lambda: lines(trace) == ["begun"])
        process.terminate()
        output, _ = process.communicate(timeout=PATIENCE)
    assert lines(trace) == ["begun", "done"]
    assert output.split() == b"worker: Warm shutdown (MainProcess)".split()
    assert process.returncode == 0


@pytest.mark.skipif(
    not settings.CELERY_BROKER_URL.startswith("amqp"),
    reason="only a broker with a server notices that a worker died (set BROKER_URL to RabbitMQ)",
)
def test_the_task_of_a_killed_worker_is_executed_by_the_next(queue: str, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    with worker(queue) as process:
        leave_trace.apply_async([str(trace), 3.0], queue=queue)
        assert eventually(lambda: lines(trace) == ["begun"])
        process.kill()
        process.wait()
    with worker(queue):
        assert eventually(lambda: lines(trace) == ["begun", "begun", "done"])


@pytest.mark.skipif(
    not settings.CELERY_BROKER_URL.startswith("filesystem"), reason="about the broker of files"
)
class TestFiles:
    def test_two_workers_execute_each_task_once(self, queue: str, tmp_path: Path) -> None:
        with worker(queue), worker(queue):
            for number in range(100):
                leave_trace.apply_async([str(tmp_path / str(number))], queue=queue)
            done = ["begun", "done"]
            assert eventually(lambda: all(lines(tmp_path / str(n)) == done for n in range(100)))
        assert pending(queue) == []

    def test_an_unreadable_message_is_dropped_and_the_next_taken(
        self, queue: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        (settings.DATA_DIR / "broker" / "queue" / f"00_damaged.{queue}.msg").write_text('{"body":')
        leave_trace.apply_async([str(tmp_path / "trace")], queue=queue)
        with celery_app.connection_for_read() as connection:
            message = connection.default_channel.basic_get(queue)
            message.ack()
        assert message.headers["task"] == "tests.leave_trace"
        assert "00_damaged" in caplog.text
        assert pending(queue) == []
