# expect: R15 line 27
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.fc = nn.Linear(4 * 6 * 6, 3)

    def forward(self, image):
        return self.fc(F.relu(self.conv(image)).flatten(1))


images = torch.randn(48, 1, 8, 8)
labels = torch.randint(0, 3, (48,))
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(3):
    for start in range(0, 48, 16):
        logits = net(images[start : start + 16])
        loss = F.cross_entropy(logits, labels[start : start + 16])
        loss.backward()
        opt.step()
