# Rules about the model: layers, activations, their starting values.

missing-nonlinearity-found = { $what ->
        [linear] Two layers follow each other with nothing between them ({ $line } and here): together they are one linear layer.
       *[other] A ReLU is applied to what a ReLU ({ $line }) returned: the second one does nothing.
    }
missing-nonlinearity-why = A linear map of a linear map is a linear map: without a function between them more layers express nothing more.
missing-nonlinearity-fix = Put a ReLU, GELU or tanh between the layers, and only one.

mixed-up-layout-found = A view turns images of shape { $one } into { $other } without moving a number: channels, rows and columns are mixed up.
mixed-up-layout-why = view() and reshape() keep the order in memory. To change the order of dimensions, the numbers have to be read in another order.
mixed-up-layout-fix = Use x.permute(0, 3, 1, 2) in place of the view.
