# SPDX-License-Identifier: Apache-2.0
"""Which messages came compressed, in Python, whose gRPC does not tell: a proxy reads it from the bytes that pass."""

import queue
import socket
import threading

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
FRAME_HEADER = 9
MESSAGE_PREFIX = 5
DATA = 0
PADDED = 8


class Proxy:
    """Forwards connections on 127.0.0.1 and notes the Compressed-Flag of each message that the chosen side sends."""

    def __init__(self, port, target, watch_clients):
        self._flags = queue.Queue()
        self._target = target
        self._watch_clients = watch_clients
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def next_flag(self):
        """The flag of the next message, in the order in which they came: a message that was received has been seen here before."""
        return self._flags.get_nowait() == 1

    def _accept(self):
        while True:
            client, _ = self._listener.accept()
            server = socket.create_connection(self._target)
            # Before either direction runs: one that ends closes both sockets, and who only probes the port ends at once.
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for source, sink, watched in ((client, server, self._watch_clients), (server, client, not self._watch_clients)):
                threading.Thread(target=self._forward, args=(source, sink, watched), daemon=True).start()

    def _forward(self, source, sink, watched):
        messages = _Messages(self._flags, skip=len(PREFACE) if self._watch_clients else 0)
        try:
            while data := source.recv(65536):
                if watched:
                    messages.feed(data)
                sink.sendall(data)
        except OSError:
            pass  # The other direction has ended the connection.
        for end in (source, sink):
            end.close()


class _Messages:
    """Finds the length-prefixed messages in the DATA frames of one direction of a connection."""

    def __init__(self, flags, skip):
        self._flags = flags
        self._skip = skip
        self._frames = bytearray()
        self._streams = {}

    def feed(self, data):
        self._frames += data
        del self._frames[:(skipped := min(self._skip, len(self._frames)))]
        self._skip -= skipped
        while self._skip == 0 and len(self._frames) >= FRAME_HEADER:
            length = int.from_bytes(self._frames[0:3], "big")
            if len(self._frames) < FRAME_HEADER + length:
                break
            kind, flags, stream = self._frames[3], self._frames[4], int.from_bytes(self._frames[5:9], "big")
            payload = bytes(self._frames[FRAME_HEADER:FRAME_HEADER + length])
            del self._frames[:FRAME_HEADER + length]
            if kind == DATA:
                self._receive(stream, payload[1:length - payload[0]] if flags & PADDED else payload)

    def _receive(self, stream, data):
        pending = self._streams.setdefault(stream, bytearray())
        pending += data
        while len(pending) >= MESSAGE_PREFIX:
            length = int.from_bytes(pending[1:MESSAGE_PREFIX], "big")
            if len(pending) < MESSAGE_PREFIX + length:
                break
            self._flags.put(pending[0])
            del pending[:MESSAGE_PREFIX + length]
