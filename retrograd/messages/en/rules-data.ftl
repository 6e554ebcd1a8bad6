# Rules about the data.

one-class-batches-found = { $count } of { $batches } batches hold one class only: the data come sorted by label, and the model learns one class after the other.
one-class-batches-why = Each step pulls the model towards the classes of its batch. Batches of a single class pull it back and forth, and the last class seen wins.
one-class-batches-fix = Shuffle the training data: DataLoader(…, shuffle=True), or torch.randperm.
