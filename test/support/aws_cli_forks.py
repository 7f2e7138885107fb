"""
The AWS CLI (version 1) with its start-up done once: each connection runs one command in a fork that has everything loaded.

A request is NUL-separated: working folder, number of arguments, the arguments, then `NAME=value` for each variable of its environment; an
empty item ends it. The answer is a line with the exit code, a line with what the command wrote to stderr, escaped as `printf %b` reads it,
and what it wrote to stdout. Prints the port it listens on; ends when its stdin ends.
"""

import os
import select
import signal
import socket
import sys
import tempfile
import traceback

from awscli import clidriver

driver = clidriver.create_clidriver()
loader = driver.session.get_component("data_loader")
loader.load_data("endpoints")
for service in ["dynamodb", "events", "logs", "stepfunctions"]:
    for kind in ["service-2", "endpoint-rule-set-1"]:
        loader.load_service_model(service, kind)


def read_request(connection):
    data = b""
    while not data.endswith(b"\0\0"):
        more = connection.recv(65536)
        if not more:
            raise EOFError("the request ended early")
        data += more
    folder, count, *rest = [item.decode() for item in data[:-2].split(b"\0")]
    return folder, rest[: int(count)], dict(item.split("=", 1) for item in rest[int(count) :])


def run(folder, args, variables):
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    try:
        return driver.main(args) or 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1


def serve(connection):
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    written = [tempfile.TemporaryFile(), tempfile.TemporaryFile()]
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for file, standard in zip(written, [1, 2]):
        os.dup2(file.fileno(), standard)
    code = 255
    try:
        code = run(*read_request(connection))
    except Exception:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    for file in written:
        file.seek(0)
    out, err = [file.read() for file in written]
    escaped = err.replace(b"\\", b"\\\\").replace(b"\n", b"\\n")
    connection.sendall(str(code).encode() + b"\n" + escaped + b"\n" + out)


# Nobody waits for the forks.
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
listener = socket.create_server(("127.0.0.1", 0), backlog=16)
print(listener.getsockname()[1], flush=True)
while True:
    ready, _, _ = select.select([listener, sys.stdin], [], [])
    if sys.stdin in ready:
        break
    connection, _ = listener.accept()
    if os.fork() == 0:
        listener.close()
        serve(connection)
        os._exit(0)
    connection.close()
