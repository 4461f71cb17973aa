# Type checkers don't follow `__path__`.
from flows.erase import *  # noqa: F403
