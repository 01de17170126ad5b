"""What arrays that cannot be read probably belong to, and what would help their author."""

import re

from netviz.elsewhere.names import Module

ANSWERS = "Bring what it answers to the test images: the setting 'answers'."
MERGE_LORA = "Merge them before saving: model = model.merge_and_unload() (peft)."
DENSE_ALONE = (
    "Bring a network of dense layers, convolutions, pools, batch normalisation and activations,"
    " or what this one answers to the test images: the setting 'answers'."
)
AS_GRAPH = "Bring it as a file of ONNX, in which it can be read."
LEFT_OUT = (
    "If the network's answer does not use it, save without it:"
    " {k: v for k, v in arrays.items() if not k.startswith(…)}."
)
UNSPECTRAL = "Save the weights that it computes: remove_spectral_norm or remove_parametrizations."

BY_NAME: tuple[tuple[str, str, str], ...] = (
    (r"lora_", "an adapter (LoRA)", MERGE_LORA),
    (r"in_proj_|[./](q|k|v|qkv|query|key|value)(_proj)?([./]|$)", "an attention", DENSE_ALONE),
    (r"_ih_l\d|_hh_l\d|recurrent", "a recurrent layer", DENSE_ALONE),
    (r"original|_orig|_u$|_v$", "a parametrisation that is not folded in", UNSPECTRAL),
    (r"optimi[sz]er|exp_avg|momentum", "an optimiser", LEFT_OUT),
    (r"[Qq]uant|zero_point|qweight|packed", "a quantised layer", "Save it before quantising it."),
    (r"(depth|point)wise_kernel", "a separable convolution", AS_GRAPH),
    (r"embed", "an embedding", DENSE_ALONE),
)
LAYER_NORM = "a normalisation over each image by itself, or one whose statistics were not saved"
STATISTICS = (
    "A batch normalisation is folded in if its running mean and variance are in the file:"
    " save model.state_dict() or model.weights, not the trainable parameters alone. A layer"
    " normalisation cannot be folded into dense layers."
)
SLOPES = "an activation that learnt (PReLU), or learnt factors"
NO_SLOPES = "Train it with relu, tanh or sigmoid; fold factors into the weights of a layer."


def hint_for(module: Module) -> tuple[str, str]:
    """Return what `module` probably is, which may be empty, and what would help."""
    for pattern, what, remedy in BY_NAME:
        if any(re.search(pattern, name) for name in module.names.values()):
            return what, remedy
    leaves = set(module.leaves)
    rows = all(array.ndim <= 1 for array in module.leaves.values())
    if leaves in ({"weight", "bias"}, {"scale", "bias"}, {"gamma", "beta"}) and rows:
        return LAYER_NORM, STATISTICS
    if leaves in ({"alpha"}, {"weight"}, {"scale"}, {"gamma"}) and rows:
        return SLOPES, NO_SLOPES
    return "", LEFT_OUT
