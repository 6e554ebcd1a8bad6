"""Hugging Face Trainer on a tiny, randomly initialised GPT-2."""

import tempfile

import torch
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)

set_seed(0)

data = []
for start in range(12):
    ids = [(start + i) % 20 for i in range(8)]
    data.append({"input_ids": ids, "labels": ids})


class PrintLoss(TrainerCallback):
    def on_log(self, args, state, control, logs=None, **kwargs):
        if "loss" in logs:
            print(state.global_step, logs["loss"], logs["grad_norm"], logs["learning_rate"])


config = GPT2Config(
    vocab_size=20, n_positions=8, n_embd=16, n_layer=2, n_head=2, bos_token_id=0, eos_token_id=0
)
model = GPT2LMHeadModel(config)

with tempfile.TemporaryDirectory() as folder:
    arguments = TrainingArguments(
        output_dir=folder,
        per_device_train_batch_size=4,
        gradient_accumulation_steps=1,
        max_steps=5,
        learning_rate=1e-2,
        logging_steps=1,
        save_strategy="no",
        report_to=[],
        disable_tqdm=True,
        use_cpu=True,
        seed=0,
    )
    trainer = Trainer(model=model, args=arguments, train_dataset=data, callbacks=[PrintLoss()])
    trainer.remove_callback(PrinterCallback)  # it prints running times
    result = trainer.train()
optimizer = trainer.optimizer
print(result.global_step, result.training_loss)
model.eval()
with torch.no_grad():
    print(model(torch.tensor([[1, 2, 3]])).logits.sum().item())
del trainer, result, folder  # the names and running times of this very run
