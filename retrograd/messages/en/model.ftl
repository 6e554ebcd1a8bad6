# The model view: what the model makes of its inputs, and where on its loss surface it stands.

model-why-no-loss = This step has no backward pass, so there is no loss to compute anew.
model-why-no-scalar-loss = The backward pass of this step did not start at one number, so there is no loss surface.
model-why-no-parameter = The loss of this step depends on no parameter.
model-why-not-kept = { $name } was not kept with all its elements, so the forward pass cannot be computed anew. Record with --keep to have them.
model-why-unseen = The recording did not see how { $name } was computed (compiled code, or a view changed in place).
model-why-opaque = { $name } ran unseen: what it computes is not known here.
model-why-no-formula = There is no formula for the op { $op } yet.
model-why-no-input = No input with one or two numbers for each example was found, so there is nothing to draw a picture over.
model-why-features = The input { $name } is { $shape }: a picture needs one or two features for each example.
model-why-random = { $op } draws at random on the way to the prediction: for other inputs there is no recorded draw.
model-why-mixed = What is predicted for one example of { $name } depends on the other ones (as with batch normalisation), so other inputs cannot be tried alone.
model-why-outputs = The model predicts { $count } numbers for each example, and they are no classes.
model-why-not-finite = There is no finite example to draw.
model-why-one-element = The loss of this step depends on one number only: a surface needs two.
model-why-no-element = The loss of this step does not depend on this element.
model-why-too-large = The model is too large for its loss surface to be computed here.
model-why-failed = The forward pass could not be computed with other numbers: { $reason }
model-why-not-exported = The model view of this step is not in this file. It was exported for { $count ->
    [one] one step
   *[other] { $count } steps
  }, spread over the run.

model-view = Model
model-loading = Computing the forward pass with other numbers …
model-boundary = Prediction over all inputs
model-curve = Prediction over { $name }
model-surface = Loss over two parameters
model-verified = The loss, computed anew in float64 from the recorded graph, equals PyTorch's.
model-of-step = forward pass of step { $step }
model-right = { $right } of { $count } on the right side
model-mean-error = mean distance from the target { $error }
model-prediction-at = at { $place }: { $value }
model-class-at = at { $place }: class { $class }, probability { $value }
model-loss-at = at { $place }: loss { $value }
model-boundary-label = What the model of step { $step } predicts over { $across } and { $up }; { $result }.
model-surface-label = Loss of step { $step } over { $across } and { $up }, all other elements as they are; now { $loss }.
model-others-fixed = all other elements as in this step
model-path = path so far
model-across = across
model-up = up
model-element = element
model-class = class { $class }
model-target = target
model-dividing = dividing line
model-wrong = on the wrong side
