# expect: R20 line 13
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)


class Stack(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.stem = nn.Conv1d(1, 4, 3, padding=1)
        self.convs = [nn.Conv1d(4, 4, 3, padding=1) for _ in range(depth)]
        self.final = nn.Conv1d(4, 1, 1)

    def forward(self, x):
        x = self.stem(x)
        for conv in self.convs:
            x = F.gelu(conv(x))
        return self.final(x)


signal = torch.randn(8, 1, 32)
model = Stack(2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for i in range(8):
    loss = F.mse_loss(model(signal), signal.cumsum(-1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
