# Type checkers don't follow `__path__`.
from flows.refresh import *  # noqa: F403
