"""A model on its device: evaluation mode, no gradients, mixed precision inside and float32 outside.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from embedscope._device import pick_device
from embedscope._errors import InputError
from embedscope.encoders.batching import Batcher, Budget
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.precision import dtype_name, mixed_precision, pick_dtype


class Runner:
    """Where and how a model computes.

    Parameters
    ----------
    model : torch.nn.Module
        Put into evaluation mode and onto the device.
    options : LoadOptions
        ``device``, ``batch_size`` and ``dtype`` are heeded.
    budget : callable
        Gives the batches' budget for a device and a batch size.
    """

    def __init__(
        self,
        model: torch.nn.Module,
        options: LoadOptions,
        budget: Callable[[torch.device, int | None], Budget],
    ) -> None:
        self.device = pick_device(options.device)
        self._dtype = pick_dtype(options.dtype, self.device)
        self.model = model.eval().to(self.device)
        self.batcher = Batcher(self.device, budget(self.device, options.batch_size))

    @property
    def dtype(self) -> str:
        """Name of the precision, for an encoder's record."""
        return dtype_name(self._dtype)

    def compute(self, function: Callable[..., Any], *inputs: Any, **named: Any) -> torch.Tensor:
        """Call a function of the model.

        Parameters
        ----------
        function : callable
            The model, or one of its methods.
        *inputs, **named
            What it takes; tensors are put onto the device.

        Returns
        -------
        torch.Tensor
            What it gave, in float32.

        Raises
        ------
        InputError
            If it gave anything but a tensor.
        """
        with torch.inference_mode(), mixed_precision(self.device, self._dtype):
            found = function(
                *(self._place(value) for value in inputs),
                **{name: self._place(value) for name, value in named.items()},
            )
        if not isinstance(found, torch.Tensor):
            raise InputError(f"The model gave a {type(found).__name__}; wanted a tensor (batch, dims).")
        return found.float()

    def _place(self, value: Any) -> Any:
        return value.to(self.device) if isinstance(value, torch.Tensor) else value
