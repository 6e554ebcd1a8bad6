# expect: R14 line 11
import torch

torch.manual_seed(7)
sender = torch.nn.GRUCell(3, 7)
receiver = torch.nn.Linear(7, 2)
optimizer = torch.optim.Adam([*sender.parameters(), *receiver.parameters()], lr=0.01)
signals, answers = torch.randn(20, 3), torch.randint(0, 2, (20,))
for _ in range(10):
    packet = sender(signals).tolist()
    state = torch.tensor(packet, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(receiver(state), answers)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
