import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.provider_errors import MAX_MESSAGE_CHARS, ErrorClass, ProviderError, classify_error

RATE, QUOTA, AUTH, CONTEXT = ErrorClass.RATE, ErrorClass.QUOTA, ErrorClass.AUTH, ErrorClass.CONTEXT
OVERLOAD, BAD_REQUEST, TRANSPORT = ErrorClass.OVERLOAD, ErrorClass.BAD_REQUEST, ErrorClass.TRANSPORT


def openai(message: str, **codes: str) -> str:
    fields = "".join(f',"{key}":"{value}"' for key, value in codes.items())
    return f'{{"error":{{"message":"{message}"{fields}}}}}'


def flat(message: str, **codes: str) -> str:
    fields = "".join(f',"{key}":"{value}"' for key, value in codes.items())
    return f'{{"message":"{message}"{fields}}}'


def google(code: int, message: str, status: str, details: str = "") -> str:
    return f'{{"error":{{"code":{code},"message":"{message}","status":"{status}","details":[{details}]}}}}'


def quota_failure(quota_id: str) -> str:
    return f'{{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{{"quotaId":"{quota_id}"}}]}}'


RETRY = '{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"20s"}'
PER_MINUTE = quota_failure("GenerateRequestsPerMinutePerProjectPerModel-FreeTier")
PER_DAY = quota_failure("GenerateRequestsPerDayPerProjectPerModel-FreeTier")
INVALID = "invalid_request_error"
EXTRA = (
    '{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","stream_options","include_usage"],'
    '"msg":"Extra inputs are not permitted","input":true}]},"type":"invalid_request_error"}'
)
RPM = (
    "Your account org-1f2e3d4c5b<ak-f1g2h3j4> request reached organization max RPM: 20, "
    "please try again after 1 seconds"
)
TPM = (
    "on tokens per minute (TPM): Limit 15000, Used 11972, Requested 4351. Please try again in 5.289s. "
    "Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing"
)
GATE = "Kimi For Coding is currently only available for Coding Agents such as Kimi CLI, Claude Code, Roo Code"
TOO_LONG = "Please reduce the length of the messages or completion."

BODIES = [
    # Kimi and Moonshot
    ("kimi rate", 429, openai(RPM, type="rate_limit_reached_error"), RATE),
    ("kimi code rate", 429, openai("We're receiving too many requests at the moment. Please wait a moment."), RATE),
    (
        "kimi context",
        400,
        openai("Invalid request: Your request exceeded model token limit: 262144 (requested: 269030)", type=INVALID),
        CONTEXT,
    ),
    ("kimi input too long", 400, openai("Input token length too long", type=INVALID), CONTEXT),
    ("kimi body too large", 400, openai("total message size 2200000 exceeds limit 2097152", type=INVALID), CONTEXT),
    ("kimi auth", 401, openai("Invalid Authentication", type="incorrect_api_key_error"), AUTH),
    ("kimi code auth", 401, openai("The API Key appears to be invalid or may have expired"), AUTH),
    ("kimi code gate", 403, openai(GATE, type="access_terminated_error"), AUTH),
    ("kimi quota", 429, openai("You exceeded your current quota", type="exceeded_current_quota_error"), QUOTA),
    ("kimi balance", 429, openai("Insufficient balance, please recharge", type="x"), QUOTA),
    ("kimi membership", 402, openai("Membership required"), QUOTA),
    ("kimi billing cycle", 403, openai("You've reached the limit of this billing cycle"), QUOTA),
    ("kimi code quota", 429, openai("You've reached your usage limit for this period"), QUOTA),
    (
        "kimi code cycle, where it looks like a bad key",
        403,
        openai(
            "You've reached your usage limit for this billing cycle. Your quota will be refreshed in the next cycle.",
            type="permission_error",
        ),
        QUOTA,
    ),
    (
        "kimi code week, where it looks like a bad key",
        403,
        openai(
            "You've reached your weekly (7-day) usage limit. Your quota will reset when the current 7-day window ends.",
            type="access_terminated_error",
        ),
        QUOTA,
    ),
    (
        "kimi code month, where it looks like a bad key",
        403,
        openai("You've reached your monthly usage limit for this billing cycle", type="access_terminated_error"),
        QUOTA,
    ),
    ("kimi code month", 429, openai("kimi monthly usage limit"), QUOTA),
    (
        "kimi overload",
        429,
        openai("The engine is currently overloaded, please try again later", type="engine_overloaded_error"),
        OVERLOAD,
    ),
    ("kimi tool id", 400, openai("Invalid request: tool_call_id  is not found", type=INVALID), BAD_REQUEST),
    # NVIDIA
    ("nvidia rate", 429, '{"status":429,"title":"Too Many Requests"}', RATE),
    ("nvidia auth", 403, '{"status":403,"title":"Forbidden","detail":"Authorization failed"}', AUTH),
    (
        "vllm context",
        400,
        openai("This model's maximum context length is 8192 tokens. However, you requested 9000 tokens"),
        CONTEXT,
    ),
    # Mistral
    (
        "mistral rate",
        429,
        '{"object":"error","message":"Rate limit exceeded","type":"rate_limited","code":"1300"}',
        RATE,
    ),
    (
        "mistral capacity",
        429,
        '{"object":"error","message":"Service tier capacity exceeded for this model.",'
        '"type":"service_tier_capacity_exceeded","code":"3505"}',
        OVERLOAD,
    ),
    (
        "mistral context",
        400,
        '{"object":"error","message":"Prompt contains 40000 tokens, too large for model with 32768 maximum context '
        'length","code":3051}',
        CONTEXT,
    ),
    ("mistral unknown field", 422, EXTRA, BAD_REQUEST),
    ("mistral auth", 401, '{"detail":"Unauthorized"}', AUTH),
    ("mistral auth with id", 401, '{"message":"Unauthorized","request_id":"r"}', AUTH),
    (
        "mistral order",
        400,
        '{"object":"error","message":"Unexpected role \'user\' after role \'tool\'","code":"3230"}',
        BAD_REQUEST,
    ),
    # Groq
    (
        "groq rate",
        429,
        openai(f"Rate limit reached for model x {TPM}", type="tokens", code="rate_limit_exceeded"),
        RATE,
    ),
    (
        "groq too large for the minute",
        413,
        openai(
            "Request too large for model x TPM: Limit 12000, Requested 14137", type="tokens", code="rate_limit_exceeded"
        ),
        RATE,
    ),
    ("groq context", 400, openai(TOO_LONG, type=INVALID, param="messages", code="context_length_exceeded"), CONTEXT),
    ("groq auth", 401, openai("Invalid API Key", type=INVALID, code="invalid_api_key"), AUTH),
    ("groq flex", 498, "{}", OVERLOAD),
    ("groq unknown field", 400, openai("property 'store' is unsupported", type=INVALID), BAD_REQUEST),
    # OpenRouter
    ("openrouter rate", 429, '{"error":{"code":429,"message":"Rate limit exceeded: free-models-per-day"}}', RATE),
    (
        "openrouter upstream rate",
        429,
        '{"error":{"message":"Provider returned error","code":429,"metadata":{"provider_name":"X",'
        '"raw":"{\\"error\\":{\\"message\\":\\"slow down\\"}}"}}}',
        RATE,
    ),
    (
        "openrouter context",
        400,
        '{"error":{"code":400,"message":"This endpoint\'s maximum context length is 8 tokens. However, you requested '
        'about 9 tokens"}}',
        CONTEXT,
    ),
    ("openrouter auth", 401, '{"error":{"message":"No auth credentials found","code":401}}', AUTH),
    ("openrouter credits", 402, '{"error":{"message":"Insufficient credits","code":402}}', QUOTA),
    ("openrouter moderation", 403, '{"error":{"message":"Input was flagged","code":403}}', BAD_REQUEST),
    ("openrouter no provider", 503, '{"error":{"message":"No provider","code":503}}', OVERLOAD),
    # SiliconFlow
    (
        "siliconflow rate",
        429,
        '{"message":"Request was rejected due to rate limiting. Details:TPM limit reached.","data":""}',
        RATE,
    ),
    ("siliconflow rate code", 429, '{"code":50602,"message":"Request was rejected","data":null}', RATE),
    (
        "siliconflow context",
        400,
        '{"code":20015,"message":"length of prompt_tokens must be less than max_seq_len","data":null}',
        CONTEXT,
    ),
    (
        "siliconflow parameter",
        400,
        '{"code":20015,"message":"The parameter is invalid. Please check again.","data":null}',
        BAD_REQUEST,
    ),
    ("siliconflow auth", 401, '"Invalid token"', AUTH),
    (
        "siliconflow overload",
        503,
        '{"code":50505,"message":"Model service overloaded. Please try again later.","data":""}',
        OVERLOAD,
    ),
    ("siliconflow balance", 403, '{"code":30001,"message":"Sorry, your account balance is insufficient"}', QUOTA),
    # Gemini
    (
        "gemini minute",
        429,
        google(429, "You exceeded your current quota, …", "RESOURCE_EXHAUSTED", f"{PER_MINUTE},{RETRY}"),
        RATE,
    ),
    ("gemini day", 429, google(429, "You exceeded your current quota, …", "RESOURCE_EXHAUSTED", PER_DAY), QUOTA),
    ("gemini in an array", 429, f"[{google(429, 'Resource exhausted', 'RESOURCE_EXHAUSTED')}]", RATE),
    (
        "gemini context",
        400,
        google(
            400,
            "The input token count (1200293) exceeds the maximum number of tokens allowed (1048576).",
            "INVALID_ARGUMENT",
        ),
        CONTEXT,
    ),
    (
        "gemini auth",
        400,
        google(
            400, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT", '{"reason":"API_KEY_INVALID"}'
        ),
        AUTH,
    ),
    ("gemini permission", 403, google(403, "Denied", "PERMISSION_DENIED"), AUTH),
    ("gemini overload", 503, google(503, "The model is overloaded. Please try again later.", "UNAVAILABLE"), OVERLOAD),
    (
        "gemini unknown name",
        400,
        google(400, "Invalid JSON payload received. Unknown name 'x'", "INVALID_ARGUMENT"),
        BAD_REQUEST,
    ),
    # Cerebras
    (
        "cerebras rate",
        429,
        flat(
            "Tokens per minute limit exceeded - too many tokens processed.",
            type="too_many_tokens_error",
            param="quota",
            code="token_quota_exceeded",
        ),
        RATE,
    ),
    ("cerebras queue", 429, flat("We're experiencing high traffic right now", code="queue_exceeded"), OVERLOAD),
    (
        "cerebras context",
        400,
        flat(f"{TOO_LONG} Current length is 9 while limit is 8", type=INVALID, code="context_length_exceeded"),
        CONTEXT,
    ),
    ("cerebras auth", 401, flat("Wrong API Key", type=INVALID, param="api_key", code="wrong_api_key"), AUTH),
    # OpenAI
    (
        "openai rate",
        429,
        openai(
            "Rate limit reached for x in organization org-1a2b3c4d5e on tokens per min (TPM): Limit 3", type="tokens"
        ),
        RATE,
    ),
    (
        "openai quota",
        429,
        openai(
            "You exceeded your current quota, please check your plan and billing details.", code="insufficient_quota"
        ),
        QUOTA,
    ),
    ("openai string", 400, openai("Invalid 'x': string too long", code="string_above_max_length"), BAD_REQUEST),
    ("openai auth", 401, openai("Incorrect API key provided: sk-abcdefgh1234", code="invalid_api_key"), AUTH),
    # Anthropic
    (
        "anthropic rate",
        429,
        '{"type":"error","error":{"type":"rate_limit_error","message":"x"},"request_id":"req_1"}',
        RATE,
    ),
    (
        "anthropic context",
        400,
        '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 201130 tokens > 200000 '
        'maximum"}}',
        CONTEXT,
    ),
    (
        "anthropic context with output",
        400,
        openai("input length and max_tokens exceed context limit: 1 + 2 > 2", type=INVALID),
        CONTEXT,
    ),
    ("anthropic too large", 413, '{"type":"error","error":{"type":"request_too_large","message":"x"}}', CONTEXT),
    ("anthropic auth", 401, '{"type":"error","error":{"type":"authentication_error","message":"x"}}', AUTH),
    (
        "anthropic overload",
        529,
        '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
        OVERLOAD,
    ),
    # Inside a stream, whose status was 200
    ("stream rate", 200, '{"error":{"code":429,"message":"Rate limit exceeded"}}', RATE),
    ("stream overload", 200, '{"error":{"message":"busy"},"status_code":503}', OVERLOAD),
    ("stream context", 200, openai("maximum context length is 8 tokens"), CONTEXT),
    ("stream without a status", 200, '{"error":"over capacity"}', OVERLOAD),
    # On the way
    ("cloudflare timeout", 524, "<html><head><title>x.y | 524: A timeout occurred</title></head></html>", TRANSPORT),
    ("gateway timeout", 504, "", TRANSPORT),
    ("bad gateway", 502, "<html><title>502 Bad Gateway</title></html>", OVERLOAD),
    ("not found", 404, "404 page not found", BAD_REQUEST),
]


@pytest.mark.parametrize(
    ("status", "body", "expected"), [row[1:] for row in BODIES], ids=[row[0].replace(" ", "-") for row in BODIES]
)
def test_a_provider_s_error_has_its_class(status: int, body: str, expected: ErrorClass) -> None:
    error = classify_error(status, body.encode())
    assert error.error_class is expected
    assert error.message


def test_no_answer_is_a_transport_error() -> None:
    assert classify_error(None, b"") == ProviderError(TRANSPORT, "no answer from the provider")
    assert classify_error(None, b"connection reset by sk-abcdefgh1234") == ProviderError(
        TRANSPORT, "connection reset by [key]"
    )


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (429, openai(RPM), RPM.replace("org-1f2e3d4c5b", "[id]").replace("ak-f1g2h3j4", "[id]")),
        (422, EXTRA, "extra_forbidden: body.stream_options.include_usage: Extra inputs are not permitted"),
        (403, '{"status":403,"title":"Forbidden","detail":"Authorization failed"}', "Forbidden: Authorization failed"),
        (400, '{"error":{"message":"P","metadata":{"raw":"{\\"message\\":\\"why\\"}"}}}', "P: why"),
        (502, "<html><title>502 Bad\nGateway</title></html>", "502 Bad Gateway"),
        (500, "", "HTTP 500"),
        (500, "\u0000\u0001", "\u0000\u0001"),
        (401, openai("Incorrect API key provided: sk-proj-abcdefgh1234."), "Incorrect API key provided: [key]."),
    ],
)
def test_the_message_is_for_people_and_without_secrets(status: int, body: str, message: str) -> None:
    assert classify_error(status, body.encode()).message == message


def test_a_long_message_is_cut_behind_the_scrubbing() -> None:
    body = ("x" * (MAX_MESSAGE_CHARS - 10) + " sk-proj-abcdefgh1234" * 500).encode()
    message = classify_error(500, body).message
    assert len(message) == MAX_MESSAGE_CHARS
    assert "sk-" not in message


@given(st.none() | st.integers(100, 599), st.binary(max_size=60))
def test_any_answer_has_a_class(status: int | None, body: bytes) -> None:
    error = classify_error(status, body)
    assert error.message
    assert len(error.message) <= MAX_MESSAGE_CHARS
