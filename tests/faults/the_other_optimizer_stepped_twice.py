# expect: R17 line 19
import torch

torch.manual_seed(0)
maker = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2))
judge = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
for_maker = torch.optim.Adam(maker.parameters(), lr=1e-3)
for_judge = torch.optim.Adam(judge.parameters(), lr=1e-3)
bce = torch.nn.functional.binary_cross_entropy_with_logits
yes, no = torch.ones(16, 1), torch.zeros(16, 1)
for step in range(20):
    noise = torch.randn(16, 2)
    for_judge.zero_grad()
    loss = bce(judge(torch.rand(16, 2)), yes) + bce(judge(maker(noise).detach()), no)
    loss.backward()
    for_judge.step()
    for_maker.zero_grad()
    loss = bce(judge(maker(noise)), yes)
    loss.backward()
    for_judge.step()
