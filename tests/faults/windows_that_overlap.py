# expect: R79 line 7
import torch

torch.manual_seed(0)
rows = torch.randn(90, 4)
values = rows @ torch.tensor([[1.0], [2.0], [3.0], [4.0]])
train, held_out = slice(0, 70), slice(60, 90)
w = torch.full((4, 1), 2.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.02)
for _ in range(10):
    loss = torch.nn.functional.l1_loss(rows[train] @ w, values[train])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        guess = rows[held_out] @ w
        print(torch.nn.functional.l1_loss(guess, values[held_out]).item())
