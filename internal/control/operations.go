package control

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

// operations implements [StrictServerInterface]. Requests are valid.
type operations struct{ sandbox *Sandbox }

func (o *operations) AddFault(_ context.Context, request AddFaultRequestObject) (AddFaultResponseObject, error) {
	request.Body.Queue(o.sandbox.Server())
	return AddFault204Response{}, nil
}

func (o *operations) RevokeTokens(context.Context, RevokeTokensRequestObject) (RevokeTokensResponseObject, error) {
	o.sandbox.Server().RevokeTokens()
	return RevokeTokens204Response{}, nil
}

func (o *operations) SetAction(_ context.Context, request SetActionRequestObject) (SetActionResponseObject, error) {
	action, err := decodeAction(*request.Body)
	if err != nil {
		return SetAction400JSONResponse{BadRequestJSONResponse{Message: err.Error()}}, nil
	}
	action.ID = request.ActionID
	now := time.Now()
	if action.UpdatedAt.IsZero() && action.CreatedAt.Before(now) {
		action.UpdatedAt = now.UTC().Truncate(time.Millisecond)
	}
	o.sandbox.Server().Put(request.AccountID, sandbox.Complete(action, now))
	return SetAction204Response{}, nil
}

// decodeAction refuses what would make the list violate the contract.
func decodeAction(body []byte) (action gen.ContractAction, err error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&action); err != nil {
		return action, err
	}
	if action.Status != "" && !action.Status.Valid() {
		return action, fmt.Errorf("status: use one of %v", gen.ContractActionStatusValues())
	}
	if action.ActionType != "" && !action.ActionType.Valid() {
		return action, fmt.Errorf("action_type: use one of %v", gen.ContractActionTypeValues())
	}
	return action, nil
}

func (o *operations) AdvanceAction(_ context.Context, request AdvanceActionRequestObject) (AdvanceActionResponseObject, error) {
	status := gen.ContractActionStatus(request.Body.Status)
	err := o.sandbox.Server().Advance(request.AccountID, request.ActionID, status, request.Body.StatusMessage)
	if err != nil {
		return AdvanceAction409JSONResponse{ConflictJSONResponse{Message: err.Error()}}, nil
	}
	return AdvanceAction204Response{}, nil
}

func (o *operations) ListRequests(context.Context, ListRequestsRequestObject) (ListRequestsResponseObject, error) {
	list := ListRequests200JSONResponse{Requests: []Request{}}
	for _, recorded := range o.sandbox.Server().Requests() {
		request := Request{Method: recorded.Method, Path: recorded.Path, Query: recorded.RawQuery,
			Headers: recorded.Header, Form: recorded.Form, Status: recorded.Status}
		if request.Form == nil {
			request.Form = map[string][]string{}
		}
		list.Requests = append(list.Requests, request)
	}
	return list, nil
}

func (o *operations) Reset(context.Context, ResetRequestObject) (ResetResponseObject, error) {
	return Reset204Response{}, o.sandbox.reset()
}
