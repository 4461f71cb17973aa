"""The Prefect server of `threadmill serve`: Prefect's own, for this machine and for nobody's web pages.

A page that somebody opens in a browser here can send requests to 127.0.0.1, and by a host name of its own that resolves
there (DNS rebinding) even read the answers. So requests need the secret, come from the UI's own origin or from no page,
carry a CSRF token where they change something, and name a loopback host. The first three are Prefect's settings.
The UI itself may load nothing from elsewhere.
"""

import os
from typing import Any

from threadmill.schedule import secret

HOST = "127.0.0.1"
HOST_NAMES = (HOST, "localhost")


def guard(port: int) -> dict[str, str]:
    """Return the settings that guard a server on `port` of this machine and let our own processes in.

    What the environment has stays, but for settings that would open the server to others.
    """
    auth = (
        os.environ.get("PREFECT_SERVER_API_AUTH_STRING")
        or os.environ.get("PREFECT_API_AUTH_STRING")
        or secret.get()
    )
    origins = ",".join(f"http://{name}:{port}" for name in HOST_NAMES)
    return {
        "PREFECT_SERVER_API_AUTH_STRING": auth,
        "PREFECT_API_AUTH_STRING": auth,
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "true",
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": origins,
    }


def create_app(port: int) -> Any:
    """Return the server's application: Prefect's own, behind a check of the host name, its pages asking nobody else."""
    from prefect.server.api.server import create_app
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    prefect = create_app(final=True)
    policy = _content_policy(port).encode()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        async def send_with_policy(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"content-security-policy", policy))
            await send(message)

        await prefect(scope, receive, send_with_policy)

    return TrustedHostMiddleware(app, allowed_hosts=list(HOST_NAMES), www_redirect=False)


def _content_policy(port: int) -> str:
    """Return what pages of the UI may load. Prefect's asks an analytics service, and artifacts may hold images."""
    own = " ".join(f"{kind}://{name}:{port}" for kind in ("http", "ws") for name in HOST_NAMES)
    return (
        "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
        f"style-src 'self' 'unsafe-inline'; connect-src 'self' {own}; frame-ancestors 'none'"
    )


def run(port: int) -> None:
    """Serve until SIGTERM."""
    import uvicorn

    # The database too is for nobody else.
    os.umask(0o077)

    app = create_app(port)
    uvicorn.run(app, host=HOST, port=port, log_level="warning", timeout_graceful_shutdown=5)
