# Type checkers don't follow `__path__`.
from flows.fetch import *  # noqa: F403
