"""Which provider answers under which host name: written from the providers' own documentation, not from providers.toml,
so that a wrong host there shows up as a failing test.
"""

from addons.services.simulator.dialects import (
    CEREBRAS,
    GEMINI,
    GROQ,
    KIMI,
    MISTRAL,
    MOONSHOT,
    NVIDIA,
    OPENAI,
    OPENROUTER,
    SILICONFLOW,
    Dialect,
)

DIALECTS: dict[str, Dialect] = {
    "api.kimi.com": KIMI,
    "api.moonshot.ai": MOONSHOT,
    "api.moonshot.cn": MOONSHOT,
    "integrate.api.nvidia.com": NVIDIA,
    "ai.api.nvidia.com": NVIDIA,
    "api.mistral.ai": MISTRAL,
    "codestral.mistral.ai": MISTRAL,
    "api.groq.com": GROQ,
    "openrouter.ai": OPENROUTER,
    "api.siliconflow.cn": SILICONFLOW,
    "api.siliconflow.com": SILICONFLOW,
    "generativelanguage.googleapis.com": GEMINI,
    "api.cerebras.ai": CEREBRAS,
    "api.openai.com": OPENAI,
}

TUNNELLED = "bystander.example"
"""Not a provider: a proxy that keeps to its own hosts shows the client this server's certificate, not its own."""

CONTROL = "control.simulator"
"""The Host under which tests and the demo steer the simulator."""

PAST = "past.simulator"
"""Asked for by the demo through the proxy, in plain HTTP: `http://past.simulator/SECONDS` sets its clock so far behind
(`past`). No server of ours has this name, so the certificate does not."""

NAMES = (*DIALECTS, TUNNELLED, CONTROL)
"""What the server's certificate names."""
