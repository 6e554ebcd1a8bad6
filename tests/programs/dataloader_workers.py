"""Training data comes from worker processes, with augmentation in the workers."""

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Noisy(Dataset):
    def __init__(self):
        g = torch.Generator().manual_seed(0)
        self.x = torch.randn(32, 4, generator=g)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        x = self.x[i]
        return x + 0.01 * torch.randn(4), x.sum()


def main():
    torch.manual_seed(0)
    loader = DataLoader(Noisy(), batch_size=8, shuffle=True, num_workers=2, drop_last=True)
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for epoch in range(2):
        for x, y in loader:
            loss = nn.functional.mse_loss(model(x).squeeze(1), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            print(epoch, loss.item())
    return model, optimizer


if __name__ == "__main__":
    model, optimizer = main()
