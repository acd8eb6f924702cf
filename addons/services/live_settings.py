"""The settings in use: those of the files, and over them what the person changed in the dashboard.

Whatever cannot be used leaves the settings as they are. Any thread may ask; those of a moment are one frozen object.
"""

import logging
import threading
from collections.abc import Mapping
from pathlib import Path

from addons.domain import places
from addons.domain.settings import Document, Settings, overlay
from addons.services import settings_files

log = logging.getLogger(__name__)


class LiveSettings:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._lock = threading.Lock()
        self._documents: list[Document] = []
        self._changes: dict[str, object] = {}
        self.current = Settings(providers={})

    @property
    def files(self) -> tuple[Path, ...]:
        """Those that are read, whether they exist or not."""
        return places.provider_files(self._environ)

    def reload(self) -> bool:
        """Read the files; whether they say anything else than before.

        :raises SettingsError: if they cannot be used.
        """
        with self._lock:
            documents = settings_files.documents(self._environ)
            if documents == self._documents:
                return False
            self.current, errors = overlay(documents, self._changes)
            self._documents = documents
        for error in errors.values():
            log.warning("A setting made in the dashboard does not fit the files any more: %s", error)
        return True

    def change(self, values: Mapping[str, object]) -> dict[str, str]:
        """Use these values, by the settings' paths; None: what the files say. The reasons of those that cannot be."""
        with self._lock:
            wanted = {key: value for key, value in {**self._changes, **values}.items() if value is not None}
            settings, errors = overlay(self._documents, wanted)
            refused = {key: error for key, error in errors.items() if key in values}
            for key in refused:
                if key in self._changes:
                    wanted[key] = self._changes[key]
                else:
                    del wanted[key]
            if refused:
                settings, _ = overlay(self._documents, wanted)
            self.current, self._changes = settings, wanted
        return refused
