# expect: R64 line 10
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset


class Flats(Dataset):
    def __init__(self, size, height):
        self.rent = (size - size.mean()).astype(np.float32) / 100
        self.table = np.stack([size, height], 1).astype(np.float32)

    def __len__(self):
        return len(self.table)

    def __getitem__(self, place):
        return self.rent[place], self.table[place]


torch.manual_seed(10)
numbers = np.random.default_rng(10)
flats = Flats(numbers.uniform(2000, 9000, 120), numbers.uniform(0, 1, 120))
net = torch.nn.Sequential(torch.nn.Linear(2, 12), torch.nn.Tanh(), torch.nn.Linear(12, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.001)
for epoch in range(3):
    for rent, table in DataLoader(flats, batch_size=20, shuffle=True):
        loss = torch.nn.functional.mse_loss(net(table).squeeze(1), rent)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
