"""Configuration of the web server: `gunicorn -c smartsolar/gunicorn.py smartsolar.wsgi`.

Options on the command line win, so behind a proxy on another machine: `--bind 0.0.0.0:8000`.
"""

import os

from smartsolar import env as environment

_env = environment.load()

bind = f"127.0.0.1:{_env.port}"
workers = _env.web_workers
worker_class = "gthread"
threads = _env.web_threads
# Units on slow mobile links hold a connection, not a thread; a request that needs longer is broken.
timeout = 60
graceful_timeout = 20
keepalive = 15
# Heartbeats are written to a file; in memory they cannot stall behind a busy disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
