"""Which databases, caches and tools of operations answer from outside: a plain connection each, nothing is sent."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from sprechzeit.probe.findings import Found
from sprechzeit.probe.kinds import KINDS

PATIENCE = 2.0  # seconds; a firewall that drops packets costs this for each
AT_ONCE = 8
_BY_KIND: Mapping[str, Mapping[int, str]] = {
    "open-database": {
        1433: "Microsoft SQL Server", 1521: "Oracle", 2379: "etcd", 3306: "MySQL", 5432: "PostgreSQL",
        5433: "PostgreSQL", 5984: "CouchDB", 6379: "Redis", 6432: "PgBouncer", 7000: "Cassandra", 7474: "Neo4j",
        7687: "Neo4j", 8086: "InfluxDB", 9042: "Cassandra", 9200: "Elasticsearch", 9300: "Elasticsearch",
        11211: "memcached", 26379: "Redis Sentinel", 26257: "CockroachDB", 27017: "MongoDB", 27018: "MongoDB",
        28015: "RethinkDB", 50000: "Db2",
    },
    "open-admin-tool": {
        2375: "Docker without TLS", 2376: "Docker", 3000: "Grafana or a development server", 4646: "Nomad",
        5050: "pgAdmin", 5555: "Flower", 5601: "Kibana", 5672: "RabbitMQ", 6443: "Kubernetes", 7070: "an admin tool",
        8008: "Patroni", 8080: "an admin tool or development server", 8081: "an admin tool", 8200: "Vault",
        8404: "HAProxy's statistics", 8500: "Consul", 8888: "Jupyter", 9000: "Portainer or PHP-FPM", 9090: "Prometheus",
        9093: "Alertmanager", 9100: "node exporter", 9187: "PostgreSQL exporter", 10000: "Webmin", 10250: "kubelet",
        15672: "RabbitMQ's management", 1025: "MailHog", 8025: "MailHog",
    },
    "open-clear-text": {
        21: "FTP", 23: "telnet", 111: "rpcbind", 139: "NetBIOS", 445: "SMB", 512: "rexec", 513: "rlogin", 873: "rsync",
        2049: "NFS", 5900: "VNC",
    },
}  # fmt: skip  # lines grouped by hand
PORTS = {port: (code, name) for code, ports in _BY_KIND.items() for port, name in ports.items()}
OURS = {80, 443}


def look_at_ports(host: str, ports: Iterable[int], found: Found, may_go_on: Callable[[], bool]) -> None:
    """Connect to each. A port that is on no list counts as a tool of operations."""

    def look(port: int) -> None:
        if not may_go_on():
            return
        with suppress(OSError):
            socket.create_connection((host, port), PATIENCE).close()
            code, name = PORTS.get(port, ("open-admin-tool", "something that listens"))
            found.add(KINDS[code], f"port {port} is open ({name})", f"{host}:{port}")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(look, sorted(set(ports) - OURS)))
