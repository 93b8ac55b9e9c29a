from odoo import api, models

from ..tools.plan_draft import MOST_LEVELS


class QuoteEstimateItemMessageMixin(models.AbstractModel):
    """Why a plan cannot be as somebody wants it: the same words whoever writes it, and how."""

    _name = "quote.estimate.item.message.mixin"
    _description = "Messages about a plan"

    @api.model
    def _get_circle_message(self, names):
        """Return that items wait for each other.

        :param list names: of the items, each one waiting for the one before it
        :rtype: str
        """
        names = [f"“{name}”" for name in names]
        return self.env._(
            "These items wait for each other in a circle: %(items)s. Remove one of their"
            " dependencies.",
            items=" → ".join([*names, names[0]]),
        )

    def _get_parent_message(self, name=None, parent=None):
        """Return that an item is in something that is no phase.

        :param str name: of the item, when it is not this one
        :param str parent: name of what it is in
        :rtype: str
        """
        return self.env._(
            "“%(item)s” cannot be inside “%(parent)s”: only phases have something inside.",
            item=name or self.name,
            parent=parent or self.parent_id.name,
        )

    def _get_depth_message(self, name=None):
        """Return that an item is in too many phases, or in itself.

        :param str name: of the item, when it is not this one
        :rtype: str
        """
        return self.env._(
            "“%(item)s” would be inside itself, or deeper than %(most)s levels.",
            item=name or self.name,
            most=MOST_LEVELS,
        )

    def _get_stays_phase_message(self, child):
        """Return that a phase with items inside stays one.

        :param str child: name of one of them
        :rtype: str
        """
        return self.env._(
            "“%(item)s” has items inside, so it stays a phase: move “%(child)s” out of it first.",
            item=self.name,
            child=child,
        )

    def _get_stays_task_message(self, name=None):
        """Return that a task with days of work stays one.

        :param str name: of the item, when it is not this one
        :rtype: str
        """
        return self.env._(
            "“%(item)s” has a workload, so it stays a task: move its days to another task first.",
            item=name or self.name,
        )
