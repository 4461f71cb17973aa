"""The Prefect flow `erase`: finish erasures that were noted, and erase threads that were kept for long enough.

It takes no name and no id: what a flow run is given stays in Prefect's database. Whom to erase is said to `threadmill
erase`, which finishes by itself; this flow is for what was cut off, and for the setting `retain`. Its one name
everywhere is `threadmill.flows.erase.erase`.
"""

import os
from typing import Any

from threadmill.schedule import environment

# Before Prefect reads its settings; what the user sets stays.
os.environ.update(environment.defaults())

from prefect import flow, get_run_logger
from prefect.states import Cancelled, Failed

from threadmill.errors import Locked
from threadmill.pipeline import erasing
from threadmill.pipeline.outline import outline
from threadmill.schedule import flow_run
from threadmill.wording import counted

RUN_TIMEOUT_S = 12 * 3_600

flow_run.release_at_exit()


@flow(
    name="erase",
    flow_run_name="erase",
    log_prints=False,
    persist_result=False,
    timeout_seconds=RUN_TIMEOUT_S,
)
def erase(jobs: int | None = None, gone_at_source: bool = False) -> Any:
    """Erase what is due: what was noted and isn't finished, threads older than `retain` allows.

    Raw files stay as they are, and receipts name them.

    Args:
        jobs: processes and threads to use; all cores if empty.
        gone_at_source: erase comments too that their thread's last capture shows as deleted.
    """
    flow_run.end_with_runner()
    raw, _ = environment.folders()
    try:
        ended = erasing.erase_due(erasing.list_places(raw), jobs, is_gone_at_source=gone_at_source)
    except Locked as error:
        return Cancelled(message=str(error))
    except Exception as error:
        # Raised, it would be logged with what it quotes. As a state's data it stays in this process.
        return Failed(message=outline(error, raw), data=error)
    get_run_logger().info("%s", counted(len(ended), "erasure"))
    if left := sum(not one.is_done for one in ended):
        return Failed(
            message=f"{counted(left, 'erasure')}: not all is gone; `threadmill erase` lists what is left"
        )
    return len(ended)
