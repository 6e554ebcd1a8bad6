"""Three training loops to measure with: as small, as common and as heavy as 2 CPU cores allow."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn
from torch.nn import functional

Batch = tuple[torch.Tensor, torch.Tensor]


class Workload:
    """A training loop in its parts, so that a tool can stand between them; a call is one step."""

    def __init__(
        self,
        name: str,
        model: Any,
        criterion: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
        optimizer: torch.optim.Optimizer,
        batches: list[Batch],
    ) -> None:
        self.name = name
        self.model = model
        self.criterion = criterion
        self.optimizer = optimizer
        # Several label sets for the same inputs: the loss stays above zero however long the run
        # is, so no step gets dearer by denormal numbers.
        self.batches: Iterator[Batch] = itertools.cycle(batches)

    def loss(self) -> torch.Tensor:
        """Run the forward pass on the next batch."""
        x, y = next(self.batches)
        return self.criterion(self.model(x), y)

    def __call__(self) -> None:
        """Train one step, as every tutorial writes it."""
        self.optimizer.zero_grad()
        loss = self.loss()
        loss.backward()
        self.optimizer.step()

    @property
    def module(self) -> nn.Module:
        """The model for tools that take nothing but an ``nn.Module``."""
        if not isinstance(self.model, nn.Module):
            self.model = PerceptronModule()
            self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)
        return self.model

    def named_parameters(self) -> list[tuple[str, torch.Tensor]]:
        """Return every trained tensor with its name."""
        if isinstance(self.model, nn.Module):
            return list(self.model.named_parameters())
        return [("weights", self.model.weights), ("bias", self.model.bias)]


class Perceptron:
    """A learner's first model: two plain tensors, no ``nn.Module``."""

    def __init__(self) -> None:
        self.weights = torch.rand(2, 1, requires_grad=True)
        self.bias = torch.rand(1, requires_grad=True)

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Return the probability of a 1 for each row."""
        return torch.sigmoid(torch.matmul(x, self.weights) + self.bias)


class PerceptronModule(nn.Module):
    """The same perceptron for tools that refuse a plain class."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.rand(2, 1))
        self.bias = nn.Parameter(torch.rand(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the probability of a 1 for each row."""
        return torch.sigmoid(torch.matmul(x, self.weights) + self.bias)


class Block(nn.Module):
    """A pre-norm transformer block."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Attend, then transform each position."""
        batch, length, width = x.shape
        q, k, v = (
            part.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
            for part in self.qkv(self.norm1(x)).split(width, dim=2)
        )
        attended = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(attended.transpose(1, 2).reshape(batch, length, width))
        return x + self.mlp(self.norm2(x))


class GPT(nn.Module):
    """A small decoder-only language model."""

    def __init__(self, vocab: int, width: int, heads: int, layers: int, length: int) -> None:
        super().__init__()
        self.tokens = nn.Embedding(vocab, width)
        self.positions = nn.Parameter(torch.randn(length, width) * 0.02)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocab, bias=False)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return the logits of the next token at each position."""
        x = self.tokens(tokens) + self.positions
        return self.head(self.norm(self.blocks(x)))


def or_gate() -> Workload:
    """The OR gate: 3 parameters; its step is nothing but PyTorch's own overhead."""
    torch.manual_seed(0)
    model = Perceptron()
    x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = torch.tensor([[0.0], [1.0], [1.0], [1.0]])
    optimizer = torch.optim.SGD([model.weights, model.bias], lr=0.1)
    return Workload("or", model, nn.BCELoss(), optimizer, [(x, y)])


def mlp() -> Workload:
    """A classifier 64-128-128-10 on a batch of 64, with Adam."""
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10)
    )
    x = torch.randn(64, 64)
    batches = [(x, torch.randint(10, (64,))) for _ in range(16)]
    optimizer = torch.optim.Adam(model.parameters())
    return Workload("mlp", model, nn.CrossEntropyLoss(), optimizer, batches)


def _next_token_loss(logits: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return functional.cross_entropy(logits.flatten(0, 1), y.flatten())


def gpt() -> Workload:
    """A transformer: 4 layers, width 256, 4 heads, sequence 128, batch 8, vocabulary 256, AdamW."""
    torch.manual_seed(0)
    model = GPT(vocab=256, width=256, heads=4, layers=4, length=128)
    x = torch.randint(256, (8, 128))
    batches = [(x, torch.randint(256, (8, 128))) for _ in range(4)]
    optimizer = torch.optim.AdamW(model.parameters())
    return Workload("gpt", model, _next_token_loss, optimizer, batches)


WORKLOADS: dict[str, Callable[[], Workload]] = {"or": or_gate, "mlp": mlp, "gpt": gpt}


def make(name: str) -> Workload:
    """Return a fresh workload, always from the same seed; call it to train one step."""
    return WORKLOADS[name]()
