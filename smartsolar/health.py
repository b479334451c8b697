"""Health probes for whatever supervises the program."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process serves requests, whatever it depends on."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when requests can be served: the database answers and its tables are current.

    503 with Retry-After otherwise.
    """
    try:
        reason = _not_ready()
    except DatabaseError:
        reason = "the database does not answer"
    if reason:
        return JsonResponse(
            {"status": "error", "message": reason}, status=503, headers={"Retry-After": "5"}
        )
    return JsonResponse({"status": "ok"})


# Migrations do not become unapplied under a running process: seen current once is enough.
_migrated = False


def _not_ready() -> str:
    global _migrated
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "the database waits for its migrations"
        _migrated = True
    return ""
