# expect: R15 line 13
import torch
import torch.nn as nn

torch.manual_seed(0)
encoder, decoder = nn.Linear(6, 3), nn.Linear(3, 6)
first = torch.optim.Adam(encoder.parameters(), lr=0.01)
second = torch.optim.Adam(decoder.parameters(), lr=0.01)
x = torch.randn(64, 2) @ torch.randn(2, 6)
for _ in range(12):
    first.zero_grad()
    loss = (decoder(torch.tanh(encoder(x))) - x).pow(2).mean()
    loss.backward()
    first.step()
    second.step()
