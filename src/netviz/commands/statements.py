"""What the essay of netviz says of its networks, in words and conditions that suit any network.

`netviz look` puts these to the network that it is given.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Statement:
    """A statement about a network: its text and its condition, where NET and DATA are names.

    `holds` is None where it cannot be said of the network.
    """

    text: str
    condition: str
    holds: bool | None = True


STATEMENTS = (
    Statement(
        "It is right more than three times as often as guessing would be.",
        'number("NET.test.accuracy") > 3 * number("DATA.chance")',
    ),
    Statement(
        "The classes are far from equally hard.",
        'number("NET.test.best_class.recall") > number("NET.test.worst_class.recall") + 0.05',
    ),
    Statement(
        "The more alike the average images of two classes are, the more often they are confused.",
        'number("NET.test.likeness_rank_correlation") > 0.5',
    ),
    Statement(
        "For more than half of what it misreads, the right answer is its second guess.",
        'number("NET.test.second_guess.share_of_errors") > 0.5',
    ),
    Statement(
        "Some of its wrong answers were given with great confidence.",
        'number("NET.test.sure_mistakes.count") > 0',
    ),
    Statement(
        "It is modest: it is right more often than it claims to be.",
        'number("NET.test.calibration.overconfidence") < 0',
    ),
    Statement(
        "Moved to the left by three pixels, fewer than half of the test images are read correctly.",
        'number("NET.test.moved.3.accuracy") < 0.5',
    ),
    Statement(
        "Each template resembles the average of its own class more than that of any other.",
        'number("NET.templates.nearest_own_count") * number("DATA.chance") > 0.99',
    ),
    Statement(
        "Without what all classes have in common, its templates are more like the class averages.",
        'number("NET.templates.mean_correlation_own_centred")'
        ' > number("NET.templates.mean_correlation_own")',
    ),
    Statement(
        "Silence the right unit, and the network goes blind to a whole class.",
        'number("NET.hidden.silenced.lost_classes") > 0',
    ),
    Statement(
        "Whichever hidden unit is silenced, accuracy falls.",
        'number("NET.hidden.silenced.smallest_loss") > 0',
    ),
    Statement(
        "In its last hidden layer the classes lie further apart than in the pixels.",
        'number("NET.hidden.between_class_share") > number("DATA.between_class_share")',
    ),
    Statement(
        "No unit of the last hidden layer decides alone: switch off any one, and at most ten points"
        " of accuracy are lost.",
        'number("NET.hidden.silenced.largest_loss") < 0.1',
    ),
    Statement(
        "Moved by one pixel, the test images are read as well as before, within one point.",
        'number("NET.test.moved.1.accuracy") > number("NET.test.moved.0.accuracy") - 0.01',
    ),
    Statement(
        "It is in part a reader of pieces: cut into sixteen tiles and shuffled, the test images are"
        " still read twice as often as by guessing.",
        'number("NET.rearranged.tiles.1.accuracy") > 2 * number("DATA.chance")',
    ),
    Statement(
        "Colour counts: without it the network reads fewer of the images.",
        'number("NET.rearranged.grey") < number("NET.maps.cells_whole") - 0.04',
    ),
    Statement(
        "All its first filters together have fewer weights than an image has pixels.",
        'number("NET.maps.filters.weights") < number("DATA.pixels")',
    ),
    Statement(
        "Shuffle the places of its last maps, and it reads the images as before.",
        'number("NET.maps.cells_shuffled") == number("NET.maps.cells_whole")',
    ),
    Statement(
        "Covering the place that adds most to the winner's score takes more from it than covering"
        " a place does on average.",
        'number("NET.maps.covered.top") > number("NET.maps.covered.mean")',
    ),
    Statement(
        "Covering the place where the evidence is lowest takes less from the winner's score than"
        " covering a place does on average.",
        'number("NET.maps.covered.lowest") < number("NET.maps.covered.mean")',
    ),
)
