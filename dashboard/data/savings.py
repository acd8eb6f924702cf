"""What was saved, and what it cost."""

from dashboard.data.asking import asks
from db.queries import epochs as epochs_query
from db.queries import savings
from db.queries.epochs import EpochRow
from db.queries.savings import PeriodSavings, ProviderSavings, Savings, SavingsFilter

savings_by_provider = asks(savings.by_provider)
savings_over_time = asks(savings.over_time)
epochs = asks(epochs_query.epochs)

__all__ = [
    "EpochRow",
    "PeriodSavings",
    "ProviderSavings",
    "Savings",
    "SavingsFilter",
    "epochs",
    "savings_by_provider",
    "savings_over_time",
]
