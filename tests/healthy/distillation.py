"""A student learns from a teacher's soft predictions; the teacher never learns."""

import torch
from torch.nn import functional as F

torch.manual_seed(0)
teacher = torch.nn.Sequential(
    torch.nn.Linear(8, 32), torch.nn.ReLU(), torch.nn.Linear(32, 4)
).eval()
student = torch.nn.Linear(8, 4)
optimizer = torch.optim.SGD(student.parameters(), lr=0.1)
x, labels = torch.randn(96, 8), torch.randint(0, 4, (96,))
for _ in range(30):
    with torch.no_grad():
        soft = F.softmax(teacher(x) / 2, dim=1)
    logits = student(x)
    loss = 4 * F.kl_div(F.log_softmax(logits / 2, dim=1), soft, reduction="batchmean")
    loss = loss + 0.1 * F.cross_entropy(logits, labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
