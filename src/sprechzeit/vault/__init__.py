"""The vault: sealing, grants, split sessions and rotation as pure functions, without Django or a database.

Anyone may ``seal`` to a practice; only who unwraps a grant opens it. Whatever does not open is
``CannotOpen``; what the calling code got wrong, such as a key of the wrong length, is ``ValueError``.
"""

from sprechzeit.vault.bundle import PracticeKeys
from sprechzeit.vault.context import Context
from sprechzeit.vault.datakey import open_data_key, seal_data_key
from sprechzeit.vault.day_sheet import (
    ClosedDaySheet,
    DaySheetWay,
    close_day_sheet,
    day_sheet_key,
    new_salt,
    wrap_for_passphrase,
    wrap_for_recovery,
)
from sprechzeit.vault.errors import CannotOpen, MalformedLinkSecret, MalformedRecoveryKey, VaultError
from sprechzeit.vault.grant import (
    GrantContext,
    kek_from_link,
    kek_from_passphrase_and_device,
    kek_from_prf,
    kek_from_recovery,
    kek_from_token,
    unwrap,
    wrap,
)
from sprechzeit.vault.hpke import PrivateKey
from sprechzeit.vault.keyed import new_record_key, open_keyed, open_many, seal_keyed
from sprechzeit.vault.keypair import KeyPair, fingerprint, generate_key_pair, public_of
from sprechzeit.vault.link import derive, link_hash, new_link_secret
from sprechzeit.vault.link import from_text as link_from_text
from sprechzeit.vault.link import to_text as link_to_text
from sprechzeit.vault.passphrase import Argon2Parameters
from sprechzeit.vault.record import (
    DataKey,
    Keyring,
    key_id_of,
    new_data_key,
    open_record,
    seal_record,
)
from sprechzeit.vault.recovery import from_words, new_recovery_secret, to_words
from sprechzeit.vault.rotation import reseal, reseal_keyed, with_new_key
from sprechzeit.vault.seal import open_sealed, open_shreddable, seal, seal_shreddable
from sprechzeit.vault.secret import Secret
from sprechzeit.vault.session import Split, join, split, split_also

__all__ = [
    "Argon2Parameters",
    "CannotOpen",
    "ClosedDaySheet",
    "Context",
    "DataKey",
    "DaySheetWay",
    "GrantContext",
    "KeyPair",
    "Keyring",
    "MalformedLinkSecret",
    "MalformedRecoveryKey",
    "PracticeKeys",
    "PrivateKey",
    "Secret",
    "Split",
    "VaultError",
    "close_day_sheet",
    "day_sheet_key",
    "derive",
    "fingerprint",
    "from_words",
    "generate_key_pair",
    "join",
    "kek_from_link",
    "kek_from_passphrase_and_device",
    "kek_from_prf",
    "kek_from_recovery",
    "kek_from_token",
    "key_id_of",
    "link_from_text",
    "link_hash",
    "link_to_text",
    "new_data_key",
    "new_link_secret",
    "new_record_key",
    "new_recovery_secret",
    "new_salt",
    "open_data_key",
    "open_keyed",
    "open_many",
    "open_record",
    "open_sealed",
    "open_shreddable",
    "public_of",
    "reseal",
    "reseal_keyed",
    "seal",
    "seal_data_key",
    "seal_keyed",
    "seal_record",
    "seal_shreddable",
    "split",
    "split_also",
    "to_words",
    "unwrap",
    "with_new_key",
    "wrap",
    "wrap_for_passphrase",
    "wrap_for_recovery",
]
