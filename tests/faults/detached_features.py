# expect: R02 line 17
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.GRU(3, 8, batch_first=True)
        self.decoder = nn.Linear(8, 1)

    def forward(self, x):
        _, state = self.encoder(x)
        state = state.squeeze(0).data
        return self.decoder(state)


x = torch.randn(16, 5, 3)
y = x.sum((1, 2)).unsqueeze(1)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for i in range(8):
    loss = F.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
