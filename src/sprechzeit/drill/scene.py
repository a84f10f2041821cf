"""Where the drill plays: a loaded, running instance, and what the drill itself knows about it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sprechzeit.bench.keys import keys_of
from sprechzeit.bench.scale import SCALES, Plan, Scale, plans
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.rules import SUPERUSER
from sprechzeit.database.roles import Role
from sprechzeit.vault import PracticeKeys, Secret


@dataclass(frozen=True)
class Scene:
    """A running instance in production's settings, behind TLS, on loopback only.

    ``secret`` is what the practices' keys come from: the drill's own, never in the instance and no part of the loot.
    It stands for what only the practices have. ``environment`` is the web server's, and is part of the loot.
    """

    folder: Path
    scale: Scale
    today: date
    secret: Secret
    address: str
    authority: Path
    environment: dict[str, str]
    server_pid: int
    program: tuple[str, ...]

    @property
    def plans(self) -> list[Plan]:
        """The practices, the largest first."""
        return plans(self.scale)

    @property
    def data(self) -> Path:
        """The instance's data folder: logs, static files, the database's folder."""
        return self.folder / "data"

    @property
    def mails(self) -> Path:
        """Every mail that the mail provider was handed, a file for each, as it came."""
        return self.folder / "provider"

    @property
    def logs(self) -> Path:
        """What web server and worker wrote."""
        return self.folder / "log"

    def keys(self, practice: int) -> PracticeKeys:
        """The keys of a practice, as its members have them."""
        return keys_of(practice, self.secret.reveal())

    def url(self, role: Role | None = None) -> str:
        """The database, as this role, or as the superuser whose credentials were stolen."""
        server = EmbeddedServer(self.data / "postgres")
        return server.url(SUPERUSER if role is None else role.value, EMBEDDED_DATABASE)

    def to_json(self) -> str:
        """For the process that plays the steps; goes by a pipe, never by a file."""
        values = {**asdict(self), "scale": self.scale.name, "secret": self.secret.reveal().hex()}
        return json.dumps(values, default=str)

    @classmethod
    def from_json(cls, text: str) -> Scene:
        values: dict[str, Any] = json.loads(text)
        return cls(
            Path(values["folder"]),
            SCALES[values["scale"]],
            date.fromisoformat(values["today"]),
            Secret(bytes.fromhex(values["secret"])),
            values["address"],
            Path(values["authority"]),
            values["environment"],
            values["server_pid"],
            tuple(values["program"]),
        )
