# expect: R15 line 14
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(60, 8)
encoder, decoder = nn.Linear(8, 3), nn.Linear(3, 8)
encoder_optimizer = torch.optim.Adam(encoder.parameters(), lr=0.01)
decoder_optimizer = torch.optim.Adam(decoder.parameters(), lr=0.01)


def train():
    encoder_optimizer.zero_grad()
    encoder_optimizer.zero_grad()
    loss = (decoder(torch.tanh(encoder(x))) - x).pow(2).mean()
    loss.backward()
    encoder_optimizer.step()
    decoder_optimizer.step()


for _ in range(15):
    train()
