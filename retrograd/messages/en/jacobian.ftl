# The Jacobian of one op: what it is for these numbers, how it folds to a matrix, why backward() never forms it.

jacobian-whole = { $name }, { $rows } × { $columns }: a row for each element of { $result } ({ $outputs }), a column for each element of { $input } ({ $inputs })

jacobian-structure = Structure: { $structure }
jacobian-by-numbers = Seen in the numbers; the derivative rule says the same.
jacobian-by-rule-only = By the derivative rule; the whole matrix is too large to be looked at.
jacobian-against-rule = ✗ The numbers disagree with the derivative rule, which says { $claim }.
jacobian-kind-zero = zero (the output does not change with this input)
jacobian-kind-identity = identity (each output is the input in its place, plus what does not depend on it)
jacobian-kind-diagonal = diagonal (each output depends on the input in its own place only)
jacobian-kind-permutation = permutation (each output is one input, each input goes to one output)
jacobian-kind-selection = selection (each output is one input, or none)
jacobian-kind-shared-selection = selection (each output is one input, shared evenly where several are equal)
jacobian-kind-broadcast = broadcast (one input goes to several outputs, so its gradients are summed)
jacobian-kind-weighted-broadcast = broadcast with factors (one input enters several outputs, so its gradients are summed)
jacobian-kind-sum = sum (each input enters one output with the factor 1)
jacobian-kind-weighted-sum = weighted sum (each input enters one output, with a factor)
jacobian-kind-block-diagonal = block diagonal ({ $blocks } groups of outputs and inputs that have nothing to do with each other)
jacobian-kind-block-diagonal-by-rule = block diagonal (groups of outputs and inputs that have nothing to do with each other)
jacobian-kind-kronecker = Kronecker product (one small matrix, repeated)
jacobian-kind-kronecker-single = Kronecker product (with a single copy: a small matrix itself)
jacobian-kind-convolution = convolution (Toeplitz) (the same numbers, sliding along)
jacobian-kind-local = local (each output depends on a window of the input, which moves along)
jacobian-kind-dense = dense (every output may depend on every input)

jacobian-fold-indices = { $result } has { $outputs } elements, { $input } has { $inputs }. There is a derivative for each pair, so all of them fill an array with { $dimensions } indices, { $shape }.
jacobian-fold-element = One element of { $result }:
jacobian-fold-entry = Its derivative is the number of { $other } that stands beside it, and zero where the indices do not meet:
jacobian-fold-entry-always = Its derivative is the number of { $other } that stands beside it:
jacobian-fold-flatten = Fold: number the outputs { $rows } row by row, and the inputs { $columns } row by row. The array becomes a matrix, { $size }.
jacobian-fold-is = Here { $letters } always holds, because { $input } has only one element there. So the matrix is { $matrix } itself.
jacobian-fold-is-always = There is nothing to repeat: the matrix is { $matrix } itself.
jacobian-fold-kronecker-blocks = One copy of { $matrix } for each { $letters }, { $count } in all, one below the other along the diagonal; all else is zero.
jacobian-fold-kronecker-strided = One copy of { $matrix } for each { $letters }, { $count } in all, their rows and columns interleaved; all else is zero.
jacobian-fold-copies = { $count } copies of { $matrix }, their rows and columns interleaved; all else is zero.
jacobian-fold-batch = One block for each { $letters }, made of that part of { $other }; all else is zero.
jacobian-fold-vjp = backward() has v = { $gradient }, a number for each output. The chain rule multiplies and sums over the outputs; the zeros drop out:
jacobian-fold-formula = That is a matrix product, with no large matrix in it. So the gradient of { $input } is:
jacobian-equal = ✓ equal in every number
jacobian-unequal = ✗ not equal in every number
jacobian-vjp = backward() has v = { $gradient }, a number for each output. The chain rule multiplies each row of J by its v and sums; written out:
jacobian-vjp-summed = backward() has v = { $gradient }, a number for each output. The chain rule multiplies each row of J by its v and sums. An input that was broadcast went into several outputs; Σ sums over them:
jacobian-same-shape = vᵀJ has one number for each element of { $input }. So the gradient has the shape of { $input }, { $shape }.
jacobian-same-shape-parameter = vᵀJ has one number for each element of { $input }. So the gradient has the shape of { $input }, { $shape }, and the optimizer can subtract it, times the learning rate.
jacobian-cost = J has { $jacobian } numbers, vᵀJ has { $vector }. PyTorch computes vᵀJ directly, and never J.

jacobian-takes-none = { $name } takes no gradient (requires_grad is False), so backward() skips it. It would get { $gradient }.
jacobian-whole-numbers = { $name } holds { $dtype }: there are no derivatives by it.
jacobian-constant = { $name } counts as a constant: no gradient goes to it.
jacobian-no-gradient-at-all = No gradient goes through this { $operation }: PyTorch never uses this Jacobian.
jacobian-output = There are several outputs. This is { $symbol }, number { $number }; the others are { $event }.0, { $event }.1, …. The gradient that goes out is the sum over all of them.
jacobian-namesakes = { $count } ops go by the name { $name }. This is { $name }#{ $number }; by event: { $events }.
jacobian-left-out = Left out: { $reason }
jacobian-convention-holomorphic = Complex numbers: an entry is the derivative ∂y/∂z. PyTorch's backward() multiplies v by the conjugate of J, so that the gradient points uphill.
jacobian-convention-of-real = A complex result of real numbers: an entry is ∂Re(y)/∂x + i · ∂Im(y)/∂x.
jacobian-convention-gradient = This function of complex numbers is not holomorphic: it has no single derivative ∂y/∂z. An entry is what PyTorch sends for v = 1: ∂Re(y)/∂Re(z) + i · ∂Re(y)/∂Im(z).
reason-jacobian-too-costly = vᵀJ is too large to be computed at once here; retrograd explain --event does
