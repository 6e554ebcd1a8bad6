# expect: R38 line 36
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(7)
PAD, VOCAB, LABELS = 0, 30, 5


def make_sentences(n):
    lengths = torch.randint(5, 20, (n,))
    tok = torch.randint(1, VOCAB, (n, 20))
    keep = torch.arange(20)[None] < lengths[:, None]
    tok = tok * keep
    prev = F.pad(tok, (1, 0))[:, :-1]
    lab = (tok + prev) % LABELS
    return tok, lab, keep


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(VOCAB, 16, padding_idx=PAD)
        self.conv = nn.Conv1d(16, 64, 3, padding=1)
        self.out = nn.Linear(64, LABELS)

    def forward(self, tok):
        h = self.emb(tok).transpose(1, 2)
        h = F.relu(self.conv(h)).transpose(1, 2)
        return self.out(h)


def masked_loss(logits, labels, keep):
    per_token = F.cross_entropy(logits.transpose(1, 2), labels, reduction="none")
    per_token = per_token.masked_fill(~keep, 0.0)
    return per_token.sum()


def accuracy(model):
    tok, lab, keep = make_sentences(200)
    with torch.no_grad():
        hit = (model(tok).argmax(-1) == lab) & keep
    return (hit.sum() / keep.sum()).item()


model = Tagger()
opt = torch.optim.SGD(model.parameters(), lr=0.5)
for step in range(1, 121):
    tok, lab, keep = make_sentences(64)
    loss = masked_loss(model(tok), lab, keep)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 30 == 0:
        print(step, loss.item(), accuracy(model))
