"""Write hand-made weights as Beluga's are written: a plain state dict."""

import io

import torch

from foldcast.demo.motif_network import weights
from foldcast.files import atomic
from foldcast.job import log, run


def main(snakemake) -> None:
    state = {key: torch.from_numpy(value) for key, value in weights().items()}
    # To a buffer: a file's own name would be part of its bytes.
    buffer = io.BytesIO()
    torch.save(state, buffer)
    with atomic(snakemake.output.weights) as path:
        path.write_bytes(buffer.getvalue())
    log.info("%d weights", sum(value.numel() for value in state.values()))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
