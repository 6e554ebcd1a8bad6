# Asking the page: where a number came from, the tensor that it lies in, the Jacobian, the ledger's warnings.

page-ask = Ask where this number came from
page-where-from = Where does { $number } come from?
page-back-to-event = back from a number to the event
page-origin = origin
page-tensor = tensor
page-way-back = The way here
page-derivative = derivative
page-upstream = upstream
page-local = local slope
page-downstream = downstream
page-read = read by the update
page-by-hand = by hand

page-jacobian = Jacobian
page-pick-output = { $name }: pick an element
page-row-of = how { $name } changes with each element of { $input }
page-fold = From the array of all derivatives to the gradient
page-fold-step = { $number } of { $count }
page-previous = previous
page-next = next

page-index = index → place in the storage
page-storage = storage
page-sign = sign
page-exponent = exponent
page-fraction = fraction
page-version = written in place
page-shared = same storage

page-terms = terms of the update
page-grows = zero_grad() did not run since the last step(): .grad of { $names } still held { $share } of what the update reads.
page-more-parameters = and { $count } more parameters
