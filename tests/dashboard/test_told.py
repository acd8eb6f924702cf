"""What alerts and decisions say in French: from the figures with which the rules themselves store them."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from addons.domain.alerts.alert import Alert
from addons.domain.alerts.budget import Spending, budget_alerts
from addons.domain.alerts.bursts import BurstRule
from addons.domain.alerts.context import ContextRule
from addons.domain.alerts.limits import LimitRule, near
from addons.domain.alerts.told import event_alerts, lost_alert
from addons.domain.completion import Completion, Outcome
from addons.domain.events import Event, Level
from addons.domain.kinds import Kind
from addons.domain.pacing.limit import Basis, LimitKind, LimitSeen
from addons.domain.settings import Settings
from addons.domain.settings.alerts import Alerts
from dashboard import told
from dashboard.data import AlertRow, CompressionNote, Routing
from dashboard.i18n import speaking

SETTINGS = Settings(providers={}, alerts=Alerts(error_burst=1, wait_s=5))
BUDGETS = Alerts(budget_day_usd=10.0, budget_month_tokens=1_000_000)


def completion(**fields: Any) -> Completion:
    usual: dict[str, Any] = {"session_id": "s-1", "started_at_ms": 1, "provider": "acme", "model": "large",
                             "kind": Kind.CHAT, "stream": True, "outcome": Outcome.OK}  # fmt: skip
    return Completion(**usual | fields)


def alert_row(alert: Alert, data: Mapping[str, Any] | None = None) -> AlertRow:
    return AlertRow(id=1, rev=1, key=alert.key, level=alert.level, at_ms=alert.at_ms, session_id=alert.session_id,
                    provider=alert.provider, message=alert.message, data=alert.data if data is None else data,
                    acknowledged_at_ms=None, sent_at_ms=None, send_error="")  # fmt: skip


def decision(**data: Any) -> Routing:
    return Routing(at_ms=1, level="info", session_id=None, session_name="", message="as stored", data=data)


def note(**data: Any) -> CompressionNote:
    return CompressionNote(at_ms=1, level="info", session_id=None, session_name="", message="as stored", data=data)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


LIMITED = {"outcome": Outcome.ERROR, "error_class": "rate"}
QUOTA = LimitSeen(provider="acme", model="", kind=LimitKind.QUOTA_WEEK, basis=Basis.REPORTED, limit=100, remaining=5,
                  reset_at_ms=None, seen_at_ms=1)  # fmt: skip
NEAR = Event(at_ms=1, kind="rate_limit",
             data={"provider": "acme", "kind": "requests_per_minute", "used": 29, "limit": 30})  # fmt: skip
NOT_SENT = Event(at_ms=1, kind="ide_log", level=Level.CRITICAL, data={"model": "large"})
RAISED: dict[str, tuple[Iterable[Alert], str]] = {
    "context": (ContextRule().alerts(completion(context_fill=0.95, context_window=200_000), SETTINGS),
                "acme/large : le contexte est rempli à 95 % (190 000 jetons sur 200 000)"),
    "context of no known window": (ContextRule().alerts(completion(context_fill=0.95), SETTINGS),
                                   "acme/large : le contexte est rempli à 95 %"),
    "refused": (ContextRule().alerts(completion(error_class="context"), SETTINGS),
                "acme/large : une requête dépassait ce que le modèle accepte"),
    "rate": (LimitRule().alerts(completion(**LIMITED), SETTINGS),
             "acme : une requête a été refusée à cause de la limite de débit"),
    "too long a wait": (LimitRule().alerts(completion(**LIMITED | {"outcome": Outcome.BLOCKED}), SETTINGS),
                        "acme : une requête aurait attendu trop longtemps la limite de débit"),
    "wait": (LimitRule().alerts(completion(rate_wait_ms=12_300.0), SETTINGS),
             "acme : une requête a attendu la limite de débit pendant 12 s"),
    "quota used up": (LimitRule().alerts(completion(error_class="quota"), SETTINGS), "acme : le quota est épuisé"),
    "quota": (LimitRule().seen(QUOTA), "acme : 95 % utilisés, quota de la semaine"),
    "near": (near(NEAR), "acme : 29 sur 30 utilisés, requêtes par minute"),
    "budget in money": (budget_alerts(Spending("day", "2026-11-22", 8.5, 0), BUDGETS, 1),
                        "Budget du jour : 8,50 $ dépensés sur 10,00 $ (85 %)"),
    "budget in tokens": (budget_alerts(Spending("month", "2026-11", 0.0, 2_000_000), BUDGETS, 1),
                         "Budget du mois : 2 000 000 dépensés sur 1 000 000 jetons (200 %)"),
    "errors": (BurstRule().alerts(completion(outcome=Outcome.ERROR, error_class="overload"), SETTINGS),
               "acme : 1 requêtes en échec en 5 minutes, la dernière : surcharge"),
    "not sent by the IDE": (event_alerts(NOT_SENT),
                            "Continue n'a pas envoyé une requête pour large : elle dépasse la fenêtre de contexte "
                            "qu'il connaît"),
    "lost records": ([lost_alert(1_234, 1)],
                     "1 234 enregistrements perdus : trop étaient en attente, ou la base ne pouvait être écrite"),
}  # fmt: skip
STEPS = {
    "rule": ({"asked": "a/b", "provider": "c", "model": "d", "rule": "b"}, "a/b va à c/d : la règle pour b"),
    "moved": ({"asked": "a/b", "provider": "a", "model": "d", "full": "a/b", "share": 0.93, "window": 262_144},
              "a/b continue avec a/d : a/b est rempli à 93 % ; l'autre accepte 262 144 jetons"),
    "moved back": ({"provider": "c", "model": "d", "status": 401}, "retour au modèle demandé : c/d a répondu 401"),
    "nothing fits": ({"provider": "c", "model": "d", "share": 1.2},
                     "Le contexte de c/d est rempli à 120 %, et aucun autre modèle ne l'accepte"),
    "no key": ({"asked": "a/b", "provider": "c", "variable": "C_KEY"},
               "non envoyé à c : la variable d'environnement C_KEY ne contient pas de clé"),
    "lost": ({"provider": "c", "variable": None}, "non envoyé à c : il n'est plus dans providers.toml"),
    "not convertible": ({"provider": "c", "model": "d", "why": "request: no messages"},
                        "non envoyé à c/d : la requête ne peut pas s'écrire dans son format (request: no messages)"),
    "window": ({"provider": "c", "model": "d", "tokens": 131_072, "why": "it has taken as many"},
               "c/d accepte 131 072 jetons : il en a pris autant"),
}  # fmt: skip
COMPRESSED = {
    "made": ({"messages": 76, "trigger": "no room", "before": 78_714, "after": 9_278},
             "76 messages sont maintenant un résumé (plus de place) : 78 714 jetons sont devenus 9 278"),
    "written": ({"messages": 76, "writer": "large"},
                "le résumé de 76 messages est maintenant celui que large a écrit"),
    "dropped": ({"messages": 76},
                "un message plus ancien a été modifié : le résumé de 76 messages ne sert plus"),
    "failed": ({"why": "timeout"},
               "aucun modèle n'a écrit le résumé (timeout) ; celui tiré des messages reste"),
}  # fmt: skip


@pytest.mark.parametrize(("raised", "said"), RAISED.values(), ids=RAISED)
def test_alerts_speak_the_pages_language(raised: Iterable[Alert], said: str) -> None:
    alert = next(iter(list(raised)[:1]))
    assert told.alert(alert_row(alert)) == alert.message
    assert alert.rule in told.RULES
    with speaking("fr"):
        assert plain(told.alert(alert_row(alert))) == said
        older = {} if alert.rule not in ("refused", "rate") else alert.data
        assert plain(told.alert(alert_row(alert, older))) in (alert.message, said)


def test_a_rule_of_another_version_is_called_by_its_key() -> None:
    with speaking("fr"):
        assert told.rule_name("near") == "limite bientôt atteinte"
        assert told.rule_name("later") == "later"


@pytest.mark.parametrize(("step", "data", "said"), [(step, *rest) for step, rest in STEPS.items()], ids=STEPS)
def test_routing_speaks_the_pages_language(step: str, data: dict[str, Any], said: str) -> None:
    assert told.routing(decision(step=step, **data)) == "as stored"
    with speaking("fr"):
        assert plain(told.routing(decision(step=step, **data))) == said
        assert told.routing(decision(step=step)) == "as stored"


@pytest.mark.parametrize(("step", "data", "said"), [(step, *rest) for step, rest in COMPRESSED.items()], ids=COMPRESSED)
def test_compressions_speak_the_pages_language(step: str, data: dict[str, Any], said: str) -> None:
    assert told.compression(note(step=step, **data)) == "as stored"
    with speaking("fr"):
        assert plain(told.compression(note(step=step, **data))) == said
        assert told.compression(note(step=step)) == "as stored"


def test_what_is_not_told_here_is_said_as_it_is_stored() -> None:
    with speaking("fr"):
        assert told.routing(decision(step="another", asked="a/b")) == "as stored"
        assert told.alert(alert_row(Alert(key="store:x", at_ms=1, level=lost_alert(1, 1).level, message="m"))) == "m"
